package dev.tracery.trace;

import dev.tracery.model.WordSize;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Writes a page of a ring buffer by hand.
final class PageBytes {

  private final PageFormat format;
  private final ByteBuffer page;
  private int flags;
  private long missed;

  PageBytes(PageFormat format, long timestamp) {
    this.format = format;
    this.page =
        ByteBuffer.allocate(format.size())
            .order(
                format.order() == dev.tracery.model.ByteOrder.BIG_ENDIAN
                    ? ByteOrder.BIG_ENDIAN
                    : ByteOrder.LITTLE_ENDIAN);
    page.putLong(0, timestamp);
    page.position(format.dataOffset());
  }

  /// The word before an event.
  PageBytes word(int type, int delta) {
    page.putInt(
        format.order() == dev.tracery.model.ByteOrder.BIG_ENDIAN
            ? type << 27 | delta
            : delta << 5 | type);
    return this;
  }

  PageBytes number(int value) {
    page.putInt(value);
    return this;
  }

  /// An event with a record of up to 112 bytes, all of them `fill` but the type and the pid.
  PageBytes event(int delta, int type, int bytes) {
    word(bytes / 4, delta);
    return record(type, bytes);
  }

  /// An event `demo` of [TraceDatBytes].
  PageBytes demo(int delta, int pid, int value) {
    word(3, delta);
    int start = page.position();
    page.putShort(start, (short) TraceDatBytes.DEMO);
    page.putInt(start + 4, pid).putInt(start + 8, value).position(start + 12);
    return this;
  }

  /// An event whose length does not fit into its word.
  PageBytes longEvent(int delta, int type, int bytes) {
    word(0, delta).number(bytes + 4);
    return record(type, bytes + 3 & ~3);
  }

  private PageBytes record(int type, int bytes) {
    int start = page.position();
    page.putShort(start, (short) type);
    page.position(start + bytes);
    return this;
  }

  PageBytes extend(long delta) {
    return word(30, (int) (delta & 0x7ffffff)).number((int) (delta >>> 27));
  }

  PageBytes stamp(long time) {
    return word(31, (int) (time & 0x7ffffff)).number((int) (time >>> 27));
  }

  /// An event that was made and then not wanted; `bytes` counts what follows its word.
  PageBytes discarded(int delta, int bytes) {
    word(29, delta).number(bytes);
    page.position(page.position() + bytes - 4);
    return this;
  }

  /// That events were lost before the page; how many is written if there is room.
  PageBytes missed(long count) {
    flags = count < 0 ? 1 << 31 : 3 << 30;
    missed = count;
    return this;
  }

  /// The page, whose committed bytes end here.
  byte[] bytes() {
    return bytes(page.position() - format.dataOffset());
  }

  /// The page, with a number of committed bytes that need not be true.
  byte[] bytes(int committed) {
    boolean wide = format.wordSize() == WordSize.BITS_64;
    if (wide) {
      page.putLong(format.commitOffset(), (committed | flags) & 0xffffffffL);
    } else {
      page.putInt(format.commitOffset(), committed | flags);
    }
    int behind = format.dataOffset() + committed;
    if (missed > 0 && behind + format.wordSize().bytes() <= format.size()) {
      if (wide) {
        page.putLong(behind, missed);
      } else {
        page.putInt(behind, (int) missed);
      }
    }
    return page.array();
  }
}
