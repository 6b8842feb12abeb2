package dev.tracery.render.line;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A hash table from int to bytes, without an object per key. Not thread-safe.
final class IntTable {

  private int[] keys = new int[256];
  private byte[] @Nullable [] values = new byte[256][];
  private int size;

  /// How many keys it has.
  int size() {
    return size;
  }

  byte @Nullable [] get(int key) {
    return values[slot(key)];
  }

  void put(int key, byte[] value) {
    int slot = slot(key);
    if (values[slot] == null) {
      size++;
    }
    keys[slot] = key;
    values[slot] = value;
    if (size * 2 > keys.length) {
      grow();
    }
  }

  void clear() {
    Arrays.fill(values, null);
    size = 0;
  }

  private void grow() {
    int[] oldKeys = keys;
    byte[] @Nullable [] oldValues = values;
    keys = new int[oldKeys.length * 2];
    values = new byte[keys.length][];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldValues[i] != null) {
        int slot = slot(oldKeys[i]);
        keys[slot] = oldKeys[i];
        values[slot] = oldValues[i];
      }
    }
  }

  private int slot(int key) {
    int slot = (key * 0x9E3779B1) >>> 8 & keys.length - 1;
    while (values[slot] != null && keys[slot] != key) {
      slot = slot + 1 & keys.length - 1;
    }
    return slot;
  }
}
