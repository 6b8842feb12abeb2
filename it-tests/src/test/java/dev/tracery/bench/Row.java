package dev.tracery.bench;

import org.jspecify.annotations.Nullable;

/// One figure of the summary.
///
/// @param what what was measured
/// @param unit of the value and of the peer's
/// @param value a median, unless `what` says otherwise
/// @param peer what the figure stands beside; null where it stands alone
/// @param target what the figure has to keep; null where nothing was promised
public record Row(
    String what, String unit, double value, @Nullable Peer peer, @Nullable Target target) {

  /// A figure that stands alone and has nothing to keep.
  public static Row of(String what, String unit, double value) {
    return new Row(what, unit, value, null, null);
  }

  /// A figure that must stay below a limit of the same unit.
  public static Row below(double limit, String what, String unit, double value) {
    return new Row(
        what,
        unit,
        value,
        null,
        new Target("under %s %s".formatted(number(limit), unit), value < limit));
  }

  /// The same, beside a peer.
  ///
  /// @param ratio this figure by the peer's: the median of the rounds' ratios where rounds
  ///   alternate, so it need not be the ratio of the medians
  public record Peer(String name, double value, double ratio) {}

  /// What was promised, and whether it holds.
  public record Target(String text, boolean met) {}

  /// Three digits, more only before the point.
  static String number(double value) {
    double size = Math.abs(value);
    int decimals =
        size >= 100 || value == Math.rint(value) ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3;
    return String.format("%,." + decimals + "f", value);
  }
}
