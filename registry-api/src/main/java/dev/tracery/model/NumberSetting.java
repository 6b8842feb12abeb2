package dev.tracery.model;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A setting that is a whole number.
///
/// @param name of the property
/// @param least the smallest value that it may have
/// @param most the largest
/// @param byDefault where it is not set; need not be in the range
public record NumberSetting(String name, long least, long most, long byDefault) {

  /// The value.
  ///
  /// @param properties gives a property's value, null where it is not set
  /// @throws IllegalArgumentException if it is no whole number in the range, naming it
  public long read(Function<String, @Nullable String> properties) {
    String text = properties.apply(name);
    if (text == null || text.isBlank()) {
      return byDefault;
    }
    try {
      long value = Long.parseLong(text.strip());
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException _) {
      // Said below.
    }
    throw new IllegalArgumentException(
        name + ": expected a whole number from " + least + " to " + most + " but found " + text);
  }
}
