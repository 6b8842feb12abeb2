package dev.tracery.store.postgres;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGProperty;

/// Where a database is: `postgres://[USER@]HOST[:PORT][,HOST[:PORT]…]/DATABASE[?NAME=VALUE&…]`.
///
/// @param hosts at least one
/// @param user empty for the driver's default, the user of the operating system
/// @param parameters of the driver, by name; checked to be names that it knows
record DatabaseUrl(List<Host> hosts, String user, String database, Map<String, String> parameters) {

  static final int DEFAULT_PORT = 5432;

  private static final String EXPECTED =
      "expected postgres://[USER@]HOST[:PORT][,HOST[:PORT]…]/DATABASE[?NAME=VALUE&…]";

  // Why: everybody on the machine can read a command line.
  private static final Set<String> SECRETS = Set.of("password", "sslpassword");

  /// What `libpq` calls otherwise than the driver does.
  private static final Map<String, String> OTHER_NAMES =
      Map.of("application_name", "ApplicationName", "connect_timeout", "connectTimeout");

  /// @param name without brackets
  record Host(String name, int port) {
    @Override
    public String toString() {
      return (name.contains(":") ? "[" + name + "]" : name) + ":" + port;
    }
  }

  DatabaseUrl {
    hosts = List.copyOf(hosts);
    parameters = Map.copyOf(parameters);
  }

  /// Reads a URL.
  ///
  /// @throws StoreException UNUSABLE if it is none; the message does not have the URL in it, which
  ///   may hold a password
  static DatabaseUrl parse(String text) {
    String rest;
    if (text.startsWith("postgres://")) {
      rest = text.substring("postgres://".length());
    } else if (text.startsWith("postgresql://")) {
      rest = text.substring("postgresql://".length());
    } else {
      throw wrong("it does not begin with postgres://");
    }
    int query = rest.indexOf('?');
    String parameters = query < 0 ? "" : rest.substring(query + 1);
    String place = query < 0 ? rest : rest.substring(0, query);
    int slash = place.indexOf('/');
    String database = slash < 0 ? "" : decoded(place.substring(slash + 1));
    String authority = slash < 0 ? place : place.substring(0, slash);
    int at = authority.lastIndexOf('@');
    String user = at < 0 ? "" : authority.substring(0, at);
    if (user.contains(":")) {
      throw secret();
    }
    if (database.isEmpty() || database.contains("/")) {
      throw wrong("it names no database");
    }
    List<Host> hosts = new ArrayList<>();
    for (String host : authority.substring(at + 1).split(",", -1)) {
      hosts.add(host(host));
    }
    return new DatabaseUrl(hosts, decoded(user), database, parameters(parameters));
  }

  /// For messages: `database tracery on db1:5432,db2:5432`.
  @Override
  public String toString() {
    return "database %s on %s"
        .formatted(database, hosts.stream().map(Host::toString).collect(Collectors.joining(",")));
  }

  private static Host host(String text) {
    String name = text;
    String port = "";
    int colon = text.lastIndexOf(':');
    if (colon > text.lastIndexOf(']')) {
      name = text.substring(0, colon);
      port = text.substring(colon + 1);
      if (!port.matches("[0-9]{1,5}")
          || Integer.parseInt(port) < 1
          || Integer.parseInt(port) > 65535) {
        throw wrong("a port is a number from 1 to 65535");
      }
    }
    if (name.startsWith("[") && name.endsWith("]")) {
      name = name.substring(1, name.length() - 1);
    } else if (name.contains(":")) {
      throw wrong("an IPv6 address is written in brackets, as in [::1]:5432");
    }
    if (name.isBlank()) {
      throw wrong("it names no host");
    }
    return new Host(decoded(name), port.isEmpty() ? DEFAULT_PORT : Integer.parseInt(port));
  }

  private static Map<String, String> parameters(String text) {
    Map<String, String> parameters = new TreeMap<>();
    for (String parameter : text.isEmpty() ? new String[0] : text.split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals < 1) {
        throw wrong("after ? it has parameters NAME=VALUE with & between them");
      }
      String given = decoded(parameter.substring(0, equals));
      String name = OTHER_NAMES.getOrDefault(given, given);
      if (SECRETS.contains(name)) {
        throw secret();
      }
      // Why: the driver passes over what it does not know, and a misspelt sslmode is no TLS.
      if (PGProperty.forName(name) == null || name.equals("user")) {
        throw wrong("it has a parameter that the driver does not know, " + given);
      }
      parameters.put(name, decoded(parameter.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong("it has a % that is not followed by two hexadecimal digits");
    }
  }

  private static StoreException secret() {
    return new StoreException(
        Reason.UNUSABLE,
        "the database's URL has a password in it, which everybody on this machine could read:"
            + " put it into a file (--store-password-file) or into TRACERY_STORE_PASSWORD");
  }

  private static StoreException wrong(String problem) {
    return new StoreException(
        Reason.UNUSABLE, "the database's URL cannot be read: " + problem + ": " + EXPECTED);
  }
}
