package dev.tracery.registry.core;

import dev.tracery.model.NumberSetting;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How the registry keeps claims. Each is a framework property `tracery.claims.NAME`.
///
/// @param lapse an observed claim is written once in this time, and lapses when it has not been
///   written for twice as long; `lapse-days`
/// @param delay how long a sighting waits for others before all are written; `write-delay-millis`
/// @param maxVersions versions of tools that are declared or observed; `max-versions`
/// @param maxObservedBytes bytes that the requirements of observed tools take together;
///   `max-observed-bytes`
record ClaimSettings(Duration lapse, Duration delay, int maxVersions, long maxObservedBytes) {

  /// 90 days, 2 seconds, 50,000 versions, 64 MiB.
  static final ClaimSettings DEFAULT =
      new ClaimSettings(Duration.ofDays(90), Duration.ofSeconds(2), 50_000, 64L << 20);

  /// The prefix of the properties' names.
  static final String PREFIX = "tracery.claims.";

  /// The settings that the properties make, the others by default.
  ///
  /// @param property gives a property's value, null where it is not set
  /// @throws IllegalArgumentException if a value is no whole number of its range
  static ClaimSettings of(Function<String, @Nullable String> property) {
    return new ClaimSettings(
        Duration.ofDays(read(property, "lapse-days", DEFAULT.lapse.toDays(), 36_500)),
        Duration.ofMillis(read(property, "write-delay-millis", DEFAULT.delay.toMillis(), 60_000)),
        (int) read(property, "max-versions", DEFAULT.maxVersions, 10_000_000),
        read(property, "max-observed-bytes", DEFAULT.maxObservedBytes, Long.MAX_VALUE));
  }

  private static long read(
      Function<String, @Nullable String> property, String name, long byDefault, long most) {
    return new NumberSetting(PREFIX + name, 1, most, byDefault).read(property);
  }
}
