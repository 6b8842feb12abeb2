package dev.tracery.grpc;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where the server listens.
///
/// @param host a name or an address, as it was given, without brackets
/// @param port 0 takes a free one
record ListenAddress(String host, int port) {

  private static final Pattern FORM =
      Pattern.compile("(?:\\[([0-9A-Fa-f:.%]+)]|([^\\s:\\[\\]]+)):(\\d{1,5})");

  /// Reads `HOST:PORT`, an IPv6 address in brackets.
  ///
  /// @throws IllegalArgumentException if `text` is anything else
  static ListenAddress parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(3)) > 65535) {
      throw new IllegalArgumentException(
          "tracery.listen: expected HOST:PORT, as in localhost:7411, but found \"" + text + "\"");
    }
    String host = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    return new ListenAddress(host, Integer.parseInt(matcher.group(3)));
  }

  InetSocketAddress resolve() throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName(host), port);
  }

  /// Where others reach what listens here: an address that stands for all of this machine's becomes
  /// the machine's name, if it has one.
  ListenAddress fromElsewhere() {
    try {
      return resolve().getAddress().isAnyLocalAddress()
          ? new ListenAddress(InetAddress.getLocalHost().getHostName(), port)
          : this;
    } catch (UnknownHostException _) {
      return this;
    }
  }

  ListenAddress withPort(int bound) {
    return new ListenAddress(host, bound);
  }

  @Override
  public String toString() {
    return host.indexOf(':') < 0 ? host + ":" + port : "[" + host + "]:" + port;
  }
}
