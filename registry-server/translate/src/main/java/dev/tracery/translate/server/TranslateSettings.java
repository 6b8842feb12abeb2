package dev.tracery.translate.server;

import dev.tracery.model.NumberSetting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How traces are translated, and what bundles may do. Each is a framework property.
///
/// @param maxGenerated bundles that the server makes and keeps; `tracery.translators.max`
/// @param callLimit how long the code of an installed bundle may take for one record;
///   `tracery.translators.call-millis`
/// @param startLimit how long an installed bundle may take to start;
///   `tracery.translators.start-millis`
/// @param maxAbandoned threads that may not come back from installed bundles before none of them is
///   used any more; `tracery.translators.max-abandoned-threads`
/// @param maxJarBytes of an installed bundle; `tracery.translators.max-jar-bytes`
/// @param maxFileBytes of one trace, and what it unpacks to; `tracery.translation.max-file-bytes`
/// @param maxSpoolBytes of all traces that are being sent; `tracery.translation.max-spool-bytes`
/// @param spool the folder for traces while they are translated; emptied at start
record TranslateSettings(
    int maxGenerated,
    Duration callLimit,
    Duration startLimit,
    int maxAbandoned,
    int maxJarBytes,
    long maxFileBytes,
    long maxSpoolBytes,
    Path spool) {

  /// 8 generated bundles; a second for a record and ten for a start; 4 threads; jars of 16 MiB;
  /// files of 4 GiB, 16 GiB of them together.
  static TranslateSettings defaults(Path spool) {
    return new TranslateSettings(
        8, Duration.ofSeconds(1), Duration.ofSeconds(10), 4, 16 << 20, 4L << 30, 16L << 30, spool);
  }

  /// Reads the framework's properties; what is not set is as in [#defaults].
  ///
  /// @throws IllegalArgumentException naming a property that is no number in its range
  static TranslateSettings read(Function<String, @Nullable String> properties, Path spool) {
    TranslateSettings by = defaults(spool);
    String translators = "tracery.translators.";
    String translation = "tracery.translation.";
    return new TranslateSettings(
        (int) number(properties, translators + "max", 1, 1_000, by.maxGenerated),
        millis(properties, translators + "call-millis", by.callLimit),
        millis(properties, translators + "start-millis", by.startLimit),
        (int) number(properties, translators + "max-abandoned-threads", 0, 64, by.maxAbandoned),
        (int) number(properties, translators + "max-jar-bytes", 1, 1 << 30, by.maxJarBytes),
        number(properties, translation + "max-file-bytes", 1, Long.MAX_VALUE, by.maxFileBytes),
        number(properties, translation + "max-spool-bytes", 1, Long.MAX_VALUE, by.maxSpoolBytes),
        spool);
  }

  private static Duration millis(
      Function<String, @Nullable String> properties, String name, Duration byDefault) {
    return Duration.ofMillis(number(properties, name, 1, 600_000, byDefault.toMillis()));
  }

  private static long number(
      Function<String, @Nullable String> properties,
      String name,
      long least,
      long most,
      long byDefault) {
    return new NumberSetting(name, least, most, byDefault).read(properties);
  }
}
