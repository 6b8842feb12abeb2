package dev.tracery.launcher;

/// Where a server listens, or says that it does.
///
/// @param host a name or address, an IPv6 address without its brackets
/// @param port 0 for any free port
record ListenAddress(String host, int port) {

  /// Reads `HOST:PORT`, `[IPv6]:PORT`.
  ///
  /// @param option that gave it, for what is wrong with it
  static ListenAddress parse(String option, String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      throw wrongUse(option, text, "an IPv6 address is written in brackets, as in [::1]:7411");
    }
    if (host.isEmpty() || host.isBlank()) {
      throw wrongUse(option, text, "expected HOST:PORT, as in localhost:7411");
    }
    String port = text.substring(colon + 1);
    if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > 65535) {
      throw wrongUse(option, text, "the port is a number from 0 to 65535");
    }
    return new ListenAddress(host, Integer.parseInt(port));
  }

  private static LaunchException wrongUse(String option, String text, String problem) {
    return LaunchException.wrongUse(option + " '" + text + "': " + problem);
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
