package dev.tracery.compiler.input;

/// How a trace's timestamps become the times that are shown (options `TSC2NSEC`, `DATE` and
/// `OFFSET` of trace-cmd.dat.v7(5)).
///
/// @param multiplier at most 32 bits; 0 if the timestamps are not scaled
/// @param shift at most 32 bits that the product is shifted to the right
/// @param offset added at last
public record ClockScale(long multiplier, int shift, long offset) {

  /// Timestamps are shown as they are.
  public static final ClockScale NONE = new ClockScale(0, 0, 0);

  /// @throws IllegalArgumentException for a multiplier or shift out of range
  public ClockScale {
    if (multiplier < 0 || multiplier > 0xffffffffL || shift < 0 || shift > 32) {
      throw new IllegalArgumentException("no scale: " + multiplier + " >> " + shift);
    }
  }

  /// The time of a timestamp.
  public long apply(long timestamp) {
    if (multiplier == 0) {
      return timestamp + offset;
    }
    long low = (timestamp & 0xffffffffL) * multiplier >>> shift;
    long high = (timestamp >>> 32) * multiplier << 32 - shift;
    return high + low + offset;
  }
}
