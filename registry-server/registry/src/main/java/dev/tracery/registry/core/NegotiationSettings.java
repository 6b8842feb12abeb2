package dev.tracery.registry.core;

import dev.tracery.model.NumberSetting;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// How negotiations are answered.
///
/// @param learnedLayouts layouts that negotiations may bring and no registration did;
///   `tracery.limits.learned-layouts`
/// @param memoryBytes bytes of answers, and of what they are made of, that are kept to be given
///   again; `tracery.limits.negotiation-cache-bytes`
/// @param cacheFor how long a tool may use an answer again without asking;
///   `tracery.negotiation.cache-seconds`
public record NegotiationSettings(int learnedLayouts, long memoryBytes, Duration cacheFor) {

  /// 20,000 layouts, some 40 MiB in the store; 64 MiB of answers; an hour.
  public static final NegotiationSettings DEFAULT =
      new NegotiationSettings(20_000, 64L << 20, Duration.ofHours(1));

  private static final long MOST_SECONDS = Duration.ofDays(366).toSeconds();

  /// The settings that the properties have, the others by default.
  ///
  /// @param property gives a property's value, null where it is not set
  /// @throws IllegalArgumentException if a value is no whole number in its range
  public static NegotiationSettings of(Function<String, @Nullable String> property) {
    return new NegotiationSettings(
        (int)
            read(
                property,
                "tracery.limits.learned-layouts",
                0,
                Integer.MAX_VALUE,
                DEFAULT.learnedLayouts),
        read(
            property,
            "tracery.limits.negotiation-cache-bytes",
            1,
            Long.MAX_VALUE,
            DEFAULT.memoryBytes),
        Duration.ofSeconds(
            read(
                property,
                "tracery.negotiation.cache-seconds",
                0,
                MOST_SECONDS,
                DEFAULT.cacheFor.toSeconds())));
  }

  private static long read(
      Function<String, @Nullable String> property,
      String name,
      long least,
      long most,
      long byDefault) {
    return new NumberSetting(name, least, most, byDefault).read(property);
  }
}
