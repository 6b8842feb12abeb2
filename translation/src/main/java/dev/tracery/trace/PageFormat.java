package dev.tracery.trace;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;

/// Where the parts of a ring buffer's (sub-)page are, as `events/header_page` tells
/// (`ring_buffer_print_page_header`, kernel/trace/ring_buffer.c). Offsets and sizes are bytes.
///
/// @param order of all numbers in the page
/// @param commitOffset where the number of committed bytes is; the timestamp is at 0
/// @param wordSize of the kernel: of the commit, and of the count of missed events
/// @param dataOffset where events begin
/// @param size of the whole page
public record PageFormat(
    ByteOrder order, int commitOffset, WordSize wordSize, int dataOffset, int size) {

  /// @throws IllegalArgumentException if the parts are not within the page
  public PageFormat {
    if (commitOffset < 0
        || dataOffset < 0
        || commitOffset > size - wordSize.bytes()
        || dataOffset > size
        || size < 8) {
      throw new IllegalArgumentException(
          "no page: commit at " + commitOffset + ", data at " + dataOffset + ", size " + size);
    }
  }

  /// What a kernel has that pads nothing: the commit at 8, the data right behind it.
  public static PageFormat usual(Target target, int size) {
    return new PageFormat(
        target.byteOrder(), 8, target.wordSize(), 8 + target.wordSize().bytes(), size);
  }
}
