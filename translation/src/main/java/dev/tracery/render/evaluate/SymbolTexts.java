package dev.tracery.render.evaluate;

import org.jspecify.annotations.Nullable;

/// What was printed of addresses before: a trace has the same few again and again. One place for
/// each hash, so that it stays small. Not thread-safe.
final class SymbolTexts {

  private static final int SIZE = 1 << 12;

  private final long[] addresses = new long[SIZE];
  private final byte[] kinds = new byte[SIZE];
  private final byte[] @Nullable [] texts = new byte[SIZE][];

  /// @param kind how it is printed
  /// @return null if it is not known
  byte @Nullable [] find(long address, int kind) {
    int slot = slot(address);
    return addresses[slot] == address && kinds[slot] == kind ? texts[slot] : null;
  }

  void keep(long address, int kind, byte[] text) {
    int slot = slot(address);
    addresses[slot] = address;
    kinds[slot] = (byte) kind;
    texts[slot] = text;
  }

  private static int slot(long address) {
    return (int) (address * 0x9E3779B97F4A7C15L >>> 52);
  }
}
