package dev.tracery.trace;

import java.util.SplittableRandom;

/// Which attribute has which id: a hash table without an object per id.
final class PerfIds {

  // Why random: ids that all fall on one slot cannot be chosen beforehand.
  private final long spread = new SplittableRandom().nextLong() | 1;
  private long[] ids = new long[64];
  private int[] attributes = new int[64];
  private int size;

  /// Of two attributes with one id the first keeps it.
  void put(long id, int attribute) {
    if (2 * size >= ids.length) {
      grow();
    }
    int slot = slot(id);
    if (attributes[slot] == 0) {
      ids[slot] = id;
      attributes[slot] = attribute + 1;
      size++;
    }
  }

  /// The attribute's index; -1 if none has the id.
  int find(long id) {
    return attributes[slot(id)] - 1;
  }

  private int slot(long id) {
    int mask = ids.length - 1;
    int slot = (int) (id * spread >>> 40) & mask;
    while (attributes[slot] != 0 && ids[slot] != id) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void grow() {
    long[] oldIds = ids;
    int[] oldAttributes = attributes;
    ids = new long[oldIds.length * 2];
    attributes = new int[oldIds.length * 2];
    for (int i = 0; i < oldIds.length; i++) {
      if (oldAttributes[i] != 0) {
        int slot = slot(oldIds[i]);
        ids[slot] = oldIds[i];
        attributes[slot] = oldAttributes[i];
      }
    }
  }
}
