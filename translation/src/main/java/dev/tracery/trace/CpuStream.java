package dev.tracery.trace;

import dev.tracery.compiler.input.ClockScale;
import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;

/// The records of one CPU of one buffer that a filter lets through, in the order of the buffer.
/// Holds one page. Not thread-safe.
final class CpuStream {

  private final CpuRegion region;
  private final PageSource pages;
  private final PageWalker walker;
  private final EventSet events;
  private final boolean wanted;
  private final ClockScale scale;
  private final boolean scaled;
  private final boolean big;
  private final boolean all;
  private final long from;
  private final long to;
  private final byte[] page;
  private long timestamp;
  private long lost;
  private boolean ended;

  /// @param events those that the filter lets through
  CpuStream(CpuRegion region, RecordFilter filter, EventSet events, ChunkUnpacker unpacker) {
    this.region = region;
    this.pages = region.pages(unpacker);
    this.walker = new PageWalker(region.format());
    this.events = events;
    this.wanted = filter.cpus().test(region.cpu());
    this.scale = region.scale();
    this.scaled = !scale.equals(ClockScale.NONE);
    this.big = region.format().order() == dev.tracery.model.ByteOrder.BIG_ENDIAN;
    this.from = filter.from();
    this.to = filter.to();
    this.all = events.isAll() && from == Long.MIN_VALUE && to == Long.MAX_VALUE;
    this.page = new byte[pageBytes(region, pages, unpacker)];
    this.ended = page.length == 0;
  }

  /// Why: a file may say of thousands of CPUs, each with a byte, that their pages are the largest.
  private static int pageBytes(CpuRegion region, PageSource pages, ChunkUnpacker unpacker) {
    int size = region.format().size();
    if (region.packing() == CpuRegion.Packing.NONE) {
      return (int) Math.min(size, region.size());
    }
    if (!unpacker.admits(size)) {
      region.damaged(
          TraceCode.CHUNK_TOO_LARGE,
          pages.here(),
          0,
          "its pages of " + size + " bytes are more than all CPUs together may hold",
          region.size());
      return 0;
    }
    return size;
  }

  /// Whether the filter wants records of this CPU.
  boolean isWanted() {
    return wanted;
  }

  /// Goes to the next record that is wanted.
  ///
  /// @return false at the end
  boolean advance() throws IOException {
    lost = 0;
    try {
      return next();
    } catch (InternalError e) {
      end();
      return false;
    }
  }

  private boolean next() throws IOException {
    PageWalker walker = this.walker;
    do {
      while (walker.next()) {
        long time = walker.timestamp();
        if (scaled) {
          time = scale.apply(time);
        }
        if (all || (time >= from && time < to && events.has(type(page, walker.offset())))) {
          timestamp = time;
          return true;
        }
      }
    } while (nextPage());
    return false;
  }

  /// Looks at all that is left, for its damage.
  void drain() throws IOException {
    try {
      do {
        while (walker.next()) {
          // Only what is damaged is of interest.
        }
      } while (nextPage());
    } catch (InternalError e) {
      end();
    }
  }

  /// Why: an `InternalError` is how the JVM tells that a mapped file became shorter (JEP 454 says
  /// so of `MemorySegment`s); no other is thrown where pages are walked.
  private void end() {
    region.shrank(pages.position(), region.size() - pages.consumed());
    ended = true;
    walker.start(page, 0);
  }

  private boolean nextPage() throws IOException {
    tellDamage();
    int length = ended ? -1 : pages.next(page);
    if (length < 0) {
      walker.start(page, 0);
      return false;
    }
    walker.start(page, length);
    long missed = walker.missed();
    if (missed != 0) {
      lost = missed < 0 || lost < 0 ? -1 : lost + missed;
    }
    return true;
  }

  private void tellDamage() {
    String damage = walker.damage();
    if (!damage.isEmpty()) {
      SourceLocation start = pages.here();
      // Why: within a compressed chunk, the file has no place for a byte of a page.
      SourceLocation where =
          region.packing() == CpuRegion.Packing.NONE
              ? SourceLocation.inBinary(start.file(), start.byteOffset() + walker.damagedAt())
              : start;
      region.damaged(
          TraceCode.PAGE_DAMAGED, where, pages.position(), damage, walker.damagedBytes());
    }
  }

  private int type(byte[] bytes, int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return big ? first << 8 | second : second << 8 | first;
  }

  long timestamp() {
    return timestamp;
  }

  int cpu() {
    return region.cpu();
  }

  int buffer() {
    return region.buffer();
  }

  byte[] bytes() {
    return page;
  }

  int offset() {
    return walker.offset();
  }

  int length() {
    return walker.length();
  }

  long lostBefore() {
    return lost;
  }

  long consumed() {
    return pages.consumed();
  }

  /// Whether this one's record comes before another's.
  boolean isBefore(CpuStream other) {
    if (timestamp != other.timestamp) {
      return timestamp < other.timestamp;
    }
    if (region.cpu() != other.region.cpu()) {
      return region.cpu() < other.region.cpu();
    }
    return region.buffer() < other.region.buffer();
  }
}
