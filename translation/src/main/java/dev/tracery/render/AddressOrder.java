package dev.tracery.render;

/// Sorts addresses. Files of symbols are sorted but for those of modules, so that runs are merged.
final class AddressOrder {

  private AddressOrder() {}

  /// The indices of the first `count` addresses, by address without sign; equal ones keep their
  /// order.
  static int[] of(long[] addresses, int count) {
    int[] from = new int[count];
    for (int i = 0; i < count; i++) {
      from[i] = i;
    }
    int[] to = new int[count];
    for (boolean sorted = false; !sorted; ) {
      int runs = 0;
      for (int left = 0; left < count; runs++) {
        int right = runEnd(addresses, from, left, count);
        int end = right == count ? count : runEnd(addresses, from, right, count);
        merge(addresses, from, to, left, right, end);
        left = end;
      }
      int[] merged = to;
      to = from;
      from = merged;
      sorted = runs <= 1;
    }
    return from;
  }

  private static int runEnd(long[] addresses, int[] order, int start, int count) {
    int end = start + 1;
    while (end < count
        && Long.compareUnsigned(addresses[order[end - 1]], addresses[order[end]]) <= 0) {
      end++;
    }
    return end;
  }

  private static void merge(long[] addresses, int[] from, int[] to, int left, int middle, int end) {
    int a = left;
    int b = middle;
    for (int at = left; at < end; at++) {
      boolean first =
          b == end
              || (a < middle && Long.compareUnsigned(addresses[from[a]], addresses[from[b]]) <= 0);
      to[at] = from[first ? a++ : b++];
    }
  }
}
