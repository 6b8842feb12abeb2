package dev.tracery.client;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Where a registry listens.
///
/// @param host a name, an IPv4 address, or an IPv6 address without brackets
/// @param port from 1 to 65535
public record ServerAddress(String host, int port) {

  /// The port where the address names none.
  public static final int DEFAULT_PORT = 7411;

  /// Reads `HOST`, `HOST:PORT`, `[IPV6]` or `[IPV6]:PORT`.
  ///
  /// @throws IllegalArgumentException if `text` is anything else
  public static ServerAddress parse(String text) {
    int hostEnd;
    String host;
    if (text.startsWith("[")) {
      hostEnd = text.indexOf(']') + 1;
      host = hostEnd > 0 ? text.substring(1, hostEnd - 1) : "";
    } else {
      hostEnd = text.indexOf(':') < 0 ? text.length() : text.indexOf(':');
      host = text.substring(0, hostEnd);
    }
    String rest = text.substring(hostEnd);
    if (!isHost(host) || !(rest.isEmpty() || rest.matches(":[0-9]{1,5}"))) {
      throw malformed(text);
    }
    int port = rest.isEmpty() ? DEFAULT_PORT : Integer.parseInt(rest.substring(1));
    if (port < 1 || port > 65535) {
      throw malformed(text);
    }
    return new ServerAddress(host, port);
  }

  /// Reads addresses with commas between them.
  ///
  /// @throws IllegalArgumentException if one of them is none
  public static List<ServerAddress> parseAll(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).map(ServerAddress::parse).toList();
  }

  /// Whether what is sent there does not leave this machine: `localhost`, `127.0.0.0/8` or `::1`.
  /// Other names are not looked up.
  boolean isLoopback() {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static boolean isHost(String host) {
    return host.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.%a-z]*");
  }

  private static IllegalArgumentException malformed(String text) {
    return new IllegalArgumentException(
        "expected HOST:PORT, with a port from 1 to 65535, but found \"" + text + "\"");
  }
}
