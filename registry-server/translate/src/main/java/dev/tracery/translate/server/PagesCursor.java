package dev.tracery.translate.server;

import dev.tracery.trace.PageWalker;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import java.util.Arrays;
import java.util.function.IntPredicate;

/// The records of some pages of one CPU, in their order. Not thread-safe.
final class PagesCursor implements RecordCursor {

  /// Told of the damage in a page, if there is any.
  @FunctionalInterface
  interface Damage {
    void found(PageWalker walker, int pageStart);
  }

  private final PageWalker walker;
  private final int pageSize;
  private final int cpu;
  private final byte[] pages;
  private final RecordFilter filter;
  private final IntPredicate wantedRecord;
  private final Damage damage;
  private byte[] page = new byte[0];
  private int next;
  private boolean walking;
  private long lost;

  /// @param pages is not copied
  /// @param lost events that were lost before the first of these pages, as [#lostBefore] has it
  PagesCursor(
      PageWalker walker,
      int pageSize,
      int cpu,
      byte[] pages,
      RecordFilter filter,
      boolean bigEndian,
      long lost,
      Damage damage) {
    this.walker = walker;
    this.pageSize = pageSize;
    this.cpu = cpu;
    this.pages = pages;
    this.filter = filter;
    this.lost = lost;
    this.damage = damage;
    this.wantedRecord = at -> filter.events().test(id(at, bigEndian));
  }

  private int id(int at, boolean bigEndian) {
    int first = page[at] & 0xff;
    int second = page[at + 1] & 0xff;
    return bigEndian ? first << 8 | second : second << 8 | first;
  }

  @Override
  public boolean advance() {
    if (walking) {
      lost = 0;
    }
    while (true) {
      while (walking && walker.next()) {
        long time = walker.timestamp();
        if (time >= filter.from() && time < filter.to() && wantedRecord.test(walker.offset())) {
          return true;
        }
      }
      if (walking) {
        damage.found(walker, next - page.length);
      }
      walking = next < pages.length;
      if (!walking) {
        return false;
      }
      int end = Math.min(pages.length, next + pageSize);
      page = Arrays.copyOfRange(pages, next, end);
      next = end;
      walker.start(page, page.length);
      long missed = walker.missed();
      if (missed != 0) {
        lost = missed < 0 || lost < 0 ? -1 : lost + missed;
      }
    }
  }

  /// Events that were lost before a page of which no record was wanted, and none came after.
  long lostAtEnd() {
    return walking ? 0 : lost;
  }

  @Override
  public long timestamp() {
    return walker.timestamp();
  }

  @Override
  public int cpu() {
    return cpu;
  }

  @Override
  public int buffer() {
    return 0;
  }

  @Override
  public byte[] bytes() {
    return page;
  }

  @Override
  public int offset() {
    return walker.offset();
  }

  @Override
  public int length() {
    return walker.length();
  }

  @Override
  public long lostBefore() {
    return lost;
  }

  @Override
  public long bytesRead() {
    return next;
  }

  @Override
  public void close() {}
}
