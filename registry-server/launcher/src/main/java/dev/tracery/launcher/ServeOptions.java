package dev.tracery.launcher;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The options of `tracery serve`.
///
/// @param listen where to listen
/// @param data the directory that holds `registry.db`
/// @param config a configuration file beside the distribution's own
/// @param settings what options say that are settings, too, by their names
/// @param withSamples whether the sample kernels are registered without asking
record ServeOptions(
    ListenAddress listen,
    Path data,
    Optional<Path> config,
    Map<String, String> settings,
    boolean withSamples,
    boolean help) {

  /// The options that name a file which a setting names, too.
  private static final Map<String, String> FILES =
      Map.of(
          "--tls-cert", "tracery.tls.cert",
          "--tls-key", "tracery.tls.key",
          "--tls-client-ca", "tracery.tls.client-ca",
          "--token-file", "tracery.auth.token-file",
          "--store-password-file", "tracery.store.password-file");

  /// The environment's word for `--store`.
  private static final String STORE_VARIABLE = "TRACERY_STORE";

  static final String USAGE =
      """
      Usage: tracery serve [--listen HOST:PORT] [--data DIR] [--config FILE] [--with-samples]
                           [--tls-cert FILE --tls-key FILE [--tls-client-ca FILE]]
                           [--token-file FILE] [--store STORE [--store-password-file FILE]]
                           [--advertise HOST:PORT] [--metrics-listen HOST:PORT]

      Starts a registry and serves it over gRPC until it is stopped (Ctrl-C or SIGTERM).

        --listen HOST:PORT  where to listen; port 0 takes any free one (default: localhost:7411)
        --data DIR          where the registry keeps its data; made if it is not there
                            (default: $XDG_DATA_HOME/tracery, or ~/.local/share/tracery)
        --config FILE       settings that replace those of conf/tracery.properties
        --with-samples      register the kernels that ship with the project, without asking
        --tls-cert FILE     speak TLS, with this certificate and what leads to its authority (PEM)
        --tls-key FILE      the certificate's private key (PEM, PKCS #8, not encrypted)
        --tls-client-ca FILE
                            only callers with a certificate of these authorities (PEM)
        --token-file FILE   only callers with one of these tokens: TOKEN or NAME TOKEN on each line;
                            needs TLS, unless the registry listens on this machine only
        --store STORE       where the log is: sqlite, a file in the data directory (the default),
                            or postgres://USER@HOST:PORT/DATABASE, which several servers may share;
                            the environment variable TRACERY_STORE, if it is set, is the default
        --store-password-file FILE
                            the database's password, on the file's first line; or the environment
                            variable TRACERY_STORE_PASSWORD
        --advertise HOST:PORT
                            what other servers over the same log, and those who ask for the status,
                            are told of where this one is (default: where it listens)
        --metrics-listen HOST:PORT
                            serve metrics for Prometheus at http://HOST:PORT/metrics, to anybody
        -h, --help          this text

      The files of TLS and of tokens are read again when they change. Whoever is let in may do
      everything. Prints "listening on HOST:PORT" on standard output when it is ready, then
      "metrics at http://HOST:PORT/metrics" if they are served.
      The environment variable TRACERY_JAVA_OPTS is given to the JVM, e.g. -Xmx2g.

      Exit status: 2 wrong use, 3 the server could not start or failed.

      Example:
        tracery serve --listen localhost:7500 --data /srv/tracery --with-samples
        tracery serve --listen 0.0.0.0:7411 --tls-cert server.pem --tls-key server.key \
          --token-file tokens
        tracery serve --listen 0.0.0.0:7411 --data /var/lib/tracery \
          --store 'postgres://tracery@db.example:5432/tracery?sslmode=verify-full' \
          --store-password-file password --advertise tracery-1.example:7411
      """;

  /// Reads a command line.
  ///
  /// @param environment what defaults are taken from: that of `--data` from `XDG_DATA_HOME` and
  ///   `HOME`, that of `--store` from `TRACERY_STORE`
  static ServeOptions parse(List<String> arguments, Map<String, String> environment) {
    var listen = new ListenAddress("localhost", 7411);
    Optional<Path> data = Optional.empty();
    Optional<Path> config = Optional.empty();
    var settings = new TreeMap<String, String>();
    boolean withSamples = false;
    boolean help = false;
    for (var rest = arguments.iterator(); rest.hasNext(); ) {
      String argument = rest.next();
      int equals = argument.startsWith("--") ? argument.indexOf('=') : -1;
      String option = equals < 0 ? argument : argument.substring(0, equals);
      boolean isSwitch = false;
      switch (option) {
        case "--listen",
            "--data",
            "--config",
            "--tls-cert",
            "--tls-key",
            "--tls-client-ca",
            "--token-file",
            "--store",
            "--store-password-file",
            "--advertise",
            "--metrics-listen" -> {
          String value =
              equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
          if (value.isEmpty()) {
            throw wrongUse(option + " needs a value");
          }
          switch (option) {
            case "--listen" -> listen = ListenAddress.parse(option, value);
            case "--data" -> data = Optional.of(path(option, value));
            case "--config" -> config = Optional.of(path(option, value));
            case "--store" -> settings.put(StoreChoice.SETTING, value);
            case "--advertise" ->
                settings.put("tracery.advertise", advertised(option, value).toString());
            case "--metrics-listen" ->
                settings.put(
                    "tracery.metrics.listen", ListenAddress.parse(option, value).toString());
            default -> settings.put(FILES.get(option), path(option, value).toString());
          }
        }
        case "--with-samples" -> {
          withSamples = true;
          isSwitch = true;
        }
        case "-h", "--help" -> {
          help = true;
          isSwitch = true;
        }
        default -> throw wrongUse("unknown argument '" + argument + "'");
      }
      if (isSwitch && equals >= 0) {
        throw wrongUse(option + " takes no value");
      }
    }
    String store = environment.getOrDefault(STORE_VARIABLE, "");
    if (!store.isEmpty()) {
      settings.putIfAbsent(StoreChoice.SETTING, store);
    }
    Path directory = data.isPresent() ? data.get() : help ? Path.of("") : defaultData(environment);
    return new ServeOptions(listen, directory, config, Map.copyOf(settings), withSamples, help);
  }

  private static ListenAddress advertised(String option, String value) {
    ListenAddress address = ListenAddress.parse(option, value);
    if (address.port() == 0) {
      throw wrongUse(option + " '" + value + "': nobody can call port 0");
    }
    return address;
  }

  private static Path path(String option, String value) {
    try {
      return Path.of(value).toAbsolutePath().normalize();
    } catch (IllegalArgumentException e) {
      throw wrongUse(option + " '" + value + "' is no path: " + e.getMessage());
    }
  }

  private static Path defaultData(Map<String, String> environment) {
    String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
    // The XDG base directory specification tells programs to ignore a relative path.
    if (xdg.startsWith("/")) {
      return path("XDG_DATA_HOME", xdg).resolve("tracery");
    }
    String home = environment.getOrDefault("HOME", "");
    if (home.isEmpty()) {
      throw wrongUse("neither XDG_DATA_HOME nor HOME is set: name a directory with --data");
    }
    return path("HOME", home).resolve(".local/share/tracery");
  }

  private static LaunchException wrongUse(String problem) {
    return LaunchException.wrongUse(problem + " (see tracery serve --help)");
  }
}
