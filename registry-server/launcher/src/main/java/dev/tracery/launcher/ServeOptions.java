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
          "--token-file", "tracery.auth.token-file");

  static final String USAGE =
      """
      Usage: tracery serve [--listen HOST:PORT] [--data DIR] [--config FILE] [--with-samples]
                           [--tls-cert FILE --tls-key FILE [--tls-client-ca FILE]]
                           [--token-file FILE]

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
        -h, --help          this text

      These four files are read again when they change. Whoever is let in may do everything.
      Prints "listening on HOST:PORT" on standard output when it is ready.
      The environment variable TRACERY_JAVA_OPTS is given to the JVM, e.g. -Xmx2g.

      Exit status: 2 wrong use, 3 the server could not start or failed.

      Example:
        tracery serve --listen localhost:7500 --data /srv/tracery --with-samples
        tracery serve --listen 0.0.0.0:7411 --tls-cert server.pem --tls-key server.key \
          --token-file tokens
      """;

  /// Reads a command line.
  ///
  /// @param environment what the default of `--data` is taken from: `XDG_DATA_HOME` and `HOME`
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
            "--token-file" -> {
          String value =
              equals >= 0 ? argument.substring(equals + 1) : rest.hasNext() ? rest.next() : "";
          if (value.isEmpty()) {
            throw wrongUse(option + " needs a value");
          }
          switch (option) {
            case "--listen" -> listen = ListenAddress.parse(value);
            case "--data" -> data = Optional.of(path(option, value));
            case "--config" -> config = Optional.of(path(option, value));
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
    Path directory = data.isPresent() ? data.get() : help ? Path.of("") : defaultData(environment);
    return new ServeOptions(listen, directory, config, Map.copyOf(settings), withSamples, help);
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
