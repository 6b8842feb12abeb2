package dev.tracery.registry.index;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A list that only grows: one thread appends, any thread reads without a lock what was there when
/// it asked for the size.
final class Appended<T> {

  private volatile @Nullable Object[] items = new Object[4];
  private volatile int size;

  /// Appends. One thread at a time.
  void add(T item) {
    @Nullable Object[] current = items;
    int count = size;
    if (count == current.length) {
      current = Arrays.copyOf(current, count * 2);
    }
    current[count] = item;
    items = current;
    size = count + 1;
  }

  int size() {
    return size;
  }

  /// @throws IndexOutOfBoundsException if there is no such element
  T get(int index) {
    // The size is read before the array, which was written before it.
    Objects.checkIndex(index, size);
    @SuppressWarnings("unchecked")
    T item = (T) Objects.requireNonNull(items[index]);
    return item;
  }
}
