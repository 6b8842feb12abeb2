package dev.tracery.render.evaluate;

/// Addresses as nodes compute with them. The kernel's own are the numbers that they are. What lies
/// in the record, in a constant or in a variable has no address that anybody knows; it gets one
/// from a range that no kernel uses, so that pointer arithmetic works on it, and turning it into a
/// number can be refused.
final class Address {

  /// In the record; counts from its first byte.
  static final int RECORD = 0;

  /// In the constants of the print format.
  static final int CONSTANTS = 1;

  /// In the strings that were made for this record.
  static final int SCRATCH = 2;

  /// In variables of statement expressions.
  static final int VARIABLES = 3;

  private static final int REGION_SHIFT = 48;
  private static final int TAG_SHIFT = 52;
  // Why this tag: it makes no canonical address on any architecture.
  private static final long TAG = 0x5ac;
  // Why: what points a bit before a region's beginning must not look as if it were in another
  // region.
  private static final long ORIGIN = 1L << 46;

  private Address() {}

  static long of(int region, long offset) {
    return TAG << TAG_SHIFT | (long) region << REGION_SHIFT | (ORIGIN + offset);
  }

  /// Whether it is none of the kernel's.
  static boolean isOurs(long address) {
    return address >>> TAG_SHIFT == TAG;
  }

  static int region(long address) {
    return (int) (address >>> REGION_SHIFT) & 15;
  }

  /// Where in its region; may be out of it.
  static long offset(long address) {
    return (address & (1L << REGION_SHIFT) - 1) - ORIGIN;
  }
}
