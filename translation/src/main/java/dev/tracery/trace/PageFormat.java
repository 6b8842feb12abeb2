package dev.tracery.trace;

import dev.tracery.compiler.input.HeaderPage;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.util.Optional;

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

  /// The size of the page of nearly all machines.
  static final int COMMON_SIZE = 4096;

  /// What `header_page` tells; empty if it lacks a part, or the parts are not within the page.
  ///
  /// @param size of the page: an instance's may be other than `header_page` says
  public static Optional<PageFormat> of(HeaderPage header, ByteOrder order, int size) {
    if (header.wordSize().isEmpty() || header.pageSize().isEmpty()) {
      return Optional.empty();
    }
    WordSize word = header.wordSize().get();
    int commit = header.commitOffset();
    int data = header.dataOffset();
    boolean fits = commit >= 8 && data >= commit + word.bytes() && data < size;
    return fits ? Optional.of(new PageFormat(order, commit, word, data, size)) : Optional.empty();
  }

  /// What a kernel has that pads nothing: the commit at 8, the data right behind it.
  public static PageFormat usual(Target target, int size) {
    return new PageFormat(
        target.byteOrder(), 8, target.wordSize(), 8 + target.wordSize().bytes(), size);
  }
}
