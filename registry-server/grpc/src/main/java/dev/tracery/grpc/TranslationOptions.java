package dev.tracery.grpc;

import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// How traces are taken, and bundles.
///
/// @param maxStreams traces that are translated at a time
/// @param idle how long a caller may neither send nor take anything before its place is taken away
/// @param install who may install and remove translators
record TranslationOptions(int maxStreams, Duration idle, Install install) {

  static final TranslationOptions DEFAULTS =
      new TranslationOptions(4, Duration.ofSeconds(60), Install.LOOPBACK);

  static final String INSTALL = "tracery.translators.install";
  static final String IDLE = "tracery.translation.idle-seconds";
  private static final String MAX_STREAMS = "tracery.translation.max-streams";

  /// Who may install and remove translators: an installed bundle runs as a part of the server.
  enum Install {
    /// Nobody.
    NEVER,
    /// Callers on this machine.
    LOOPBACK,
    /// Everybody.
    ALWAYS;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Reads the framework's properties; what is not set is as in [#DEFAULTS].
  ///
  /// @throws IllegalArgumentException naming a property that is wrong
  static TranslationOptions read(Function<String, @Nullable String> properties) {
    return new TranslationOptions(
        ServerOptions.number(properties, MAX_STREAMS, 1, DEFAULTS.maxStreams),
        Duration.ofSeconds(
            ServerOptions.number(properties, IDLE, 1, (int) DEFAULTS.idle.toSeconds())),
        install(properties));
  }

  private static Install install(Function<String, @Nullable String> properties) {
    String text = properties.apply(INSTALL);
    if (text == null || text.isBlank()) {
      return DEFAULTS.install;
    }
    for (Install install : Install.values()) {
      if (install.word().equals(text.strip())) {
        return install;
      }
    }
    throw new IllegalArgumentException(
        INSTALL
            + ": expected "
            + Arrays.stream(Install.values()).map(Install::word).collect(Collectors.joining(", "))
            + " but found \""
            + text
            + "\"");
  }
}
