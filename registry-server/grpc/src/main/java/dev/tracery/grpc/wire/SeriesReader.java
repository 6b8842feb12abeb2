package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import java.util.Optional;
import java.util.regex.Pattern;

/// Reads the name of a series.
public final class SeriesReader {

  private static final Pattern NAME = Pattern.compile("[\\p{Alnum}._+~-]{1,200}");

  private SeriesReader() {}

  /// The series; none if `text` is empty.
  public static Optional<String> read(String field, String text, Violations violations) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (!NAME.matcher(text).matches()) {
      violations.add(
          field, "expected up to 200 letters, digits and `._+~-` but found \"" + text + "\"");
    }
    return Optional.of(text);
  }
}
