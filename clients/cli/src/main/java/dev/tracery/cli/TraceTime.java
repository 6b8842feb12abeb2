package dev.tracery.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A time as texts of traces have it: `1234.567890`, in seconds of the trace's clock.
final class TraceTime {

  private static final Pattern SECONDS = Pattern.compile("(\\d{1,10})(?:\\.(\\d{1,9}))?");
  private static final long NANOS = 1_000_000_000L;

  /// Nearly 292 years.
  private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS - 1;

  private TraceTime() {}

  /// In nanoseconds.
  ///
  /// @param option which option says it
  /// @param text null if it was not given
  /// @throws CommandFailure if it is no time
  static long parse(String option, @Nullable String text, long otherwise) {
    if (text == null) {
      return otherwise;
    }
    Matcher seconds = SECONDS.matcher(text);
    if (!seconds.matches()) {
      throw CommandFailure.wrongUse(
          option
              + ": expected seconds such as 1234.567890, nine decimals at most, but found "
              + text);
    }
    String fraction = seconds.group(2) == null ? "" : seconds.group(2);
    long whole = Long.parseLong(seconds.group(1));
    if (whole > MAX_SECONDS) {
      throw CommandFailure.wrongUse(
          option + ": expected at most " + MAX_SECONDS + " seconds but found " + text);
    }
    return whole * NANOS + Long.parseLong((fraction + "000000000").substring(0, 9));
  }
}
