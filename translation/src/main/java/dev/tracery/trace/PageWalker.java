package dev.tracery.trace;

import dev.tracery.model.ByteOrder;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Walks over the events of one (sub-)page of a ring buffer, in place: allocates nothing. Damage
/// ends the page, never the walk over the next. Not thread-safe.
///
/// A page is a timestamp of 8 bytes, a word that says how many bytes of events are committed and
/// whether events were lost, and the events: a word of 4 bytes with the type or length and the time
/// since the event before, and the record (include/linux/ring_buffer.h,
/// kernel/trace/ring_buffer.c).
public final class PageWalker {

  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, java.nio.ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, java.nio.ByteOrder.LITTLE_ENDIAN);

  private static final int PADDING = 29;
  private static final int TIME_EXTEND = 30;
  private static final int DELTA_BITS = 27;
  private static final int DELTA_MASK = (1 << DELTA_BITS) - 1;
  private static final long ABSOLUTE_BITS = 59;
  private static final long ABSOLUTE_TOP = 0x1fL << ABSOLUTE_BITS;
  private static final int COMMIT_MASK = (1 << 27) - 1;
  private static final int MISSED_EVENTS = 1 << 31;
  private static final int MISSED_STORED = 1 << 30;
  private static final int SMALLEST_RECORD = 4;

  private final PageFormat format;
  private final boolean big;
  private final int dataOffset;

  private byte[] page = new byte[0];
  private int end;
  private int at;
  private long time;
  private int offset;
  private int length;
  private long missed;
  private int committed;
  private int lost;
  private int damagedAt;
  private String damage = "";

  /// For pages of one kernel.
  public PageWalker(PageFormat format) {
    this.format = format;
    this.big = format.order() == ByteOrder.BIG_ENDIAN;
    this.dataOffset = format.dataOffset();
  }

  /// Goes before the first event of a page.
  ///
  /// @param page is not copied, and must not change until the walk is over
  /// @param length how many of its bytes there are: less than [PageFormat#size] for one that was
  ///   cut short
  public void start(byte[] page, int length) {
    this.page = page;
    damage = "";
    damagedAt = 0;
    lost = 0;
    missed = 0;
    committed = 0;
    at = 0;
    end = 0;
    time = 0;
    int present = Math.min(Math.min(length, page.length), format.size());
    int commitEnd = format.commitOffset() + format.wordSize().bytes();
    if (present < Math.max(commitEnd, 8)) {
      if (present > 0) {
        damaged(0, present, "the page is cut within its head");
      }
      return;
    }
    time = number64(page, 0);
    long commit =
        format.wordSize().bytes() == 8
            ? number64(page, format.commitOffset())
            : number32(page, format.commitOffset());
    committed = (int) commit & COMMIT_MASK;
    at = dataOffset;
    long wanted = (long) dataOffset + committed;
    end = (int) Math.min(wanted, Math.max(present, dataOffset));
    if (wanted > present) {
      damaged(
          end,
          (int) Math.min(wanted, format.size()) - end,
          wanted > format.size()
              ? "the page has more committed bytes than it can hold"
              : "the page is cut");
    }
    if ((commit & MISSED_EVENTS) != 0) {
      missed = missed(commit, end, present);
    }
  }

  private long missed(long commit, int behind, int present) {
    int size = format.wordSize().bytes();
    if ((commit & MISSED_STORED) == 0 || behind > present - size) {
      return -1;
    }
    long count = size == 8 ? number64(page, behind) : number32(page, behind) & 0xffffffffL;
    return count > 0 ? count : -1;
  }

  /// Goes to the next event that has a record.
  ///
  /// @return false at the end of the page, or where it is damaged
  public boolean next() {
    byte[] page = this.page;
    int end = this.end;
    int at = this.at;
    long time = this.time;
    boolean big = this.big;
    while (at <= end - 4) {
      int word = (int) INT.get(page, at);
      int type;
      int delta;
      if (big) {
        word = Integer.reverseBytes(word);
        type = word >>> DELTA_BITS;
        delta = word & DELTA_MASK;
      } else {
        type = word & 31;
        delta = word >>> 5;
      }
      int size;
      if (type - 1 >= 0 && type < PADDING) {
        size = type << 2;
        if (size > end - at - 4) {
          return bad(at, "a record of " + size + " bytes goes beyond the committed bytes");
        }
        this.time = time + delta;
        this.offset = at + 4;
        this.length = size;
        this.at = at + 4 + size;
        return true;
      }
      if (type == PADDING && delta == 0) {
        // Why: the rest of the page is unused, whatever the commit says.
        this.at = end;
        return false;
      }
      if (at > end - 8) {
        return bad(at, "an event goes beyond the committed bytes");
      }
      long array = number32(page, at + 4) & 0xffffffffL;
      if (type == TIME_EXTEND) {
        time += (array << DELTA_BITS) + delta;
        at += 8;
      } else if (type > TIME_EXTEND) {
        time = absolute((array << DELTA_BITS) + delta, time);
        at += 8;
      } else if (type == PADDING) {
        if (array > end - at - 4) {
          return bad(
              at, "a discarded event of " + array + " bytes goes beyond the committed bytes");
        }
        time += delta;
        at += 4 + (int) (array + 3 & ~3L);
      } else {
        if (array == 0 && delta == 0 && isZero(page, at, end)) {
          // Why: Android's 4.19 has zeros within the commit (Perfetto, commit 3ef1377015).
          this.at = end;
          return false;
        }
        if (array < 4 + SMALLEST_RECORD || array > end - at - 4) {
          return bad(at, "a record's length is " + array + ", which cannot be");
        }
        this.time = time + delta;
        this.offset = at + 8;
        this.length = (int) array - 4;
        this.at = at + 4 + (int) (array + 3 & ~3L);
        return true;
      }
    }
    if (at < end) {
      return bad(at, "an event goes beyond the committed bytes");
    }
    this.at = at;
    this.time = time;
    return false;
  }

  /// The 59 bits of an absolute stamp with the top bits of the time before it (`rb_fix_abs_ts`).
  private static long absolute(long stamp, long before) {
    long time = stamp & ~ABSOLUTE_TOP | before & ABSOLUTE_TOP;
    // Why: only a step back by half the range is a wrap; clocks step back by a few nanoseconds.
    return before - time > 1L << ABSOLUTE_BITS - 1 ? time + (1L << ABSOLUTE_BITS) : time;
  }

  private boolean bad(int where, String what) {
    damaged(where, end - where, what);
    end = where;
    at = where;
    return false;
  }

  private void damaged(int where, int bytes, String what) {
    if (damage.isEmpty()) {
      damage = what;
      damagedAt = where;
    }
    lost += Math.max(bytes, 0);
  }

  private static boolean isZero(byte[] page, int from, int to) {
    for (int i = from; i < to; i++) {
      if (page[i] != 0) {
        return false;
      }
    }
    return true;
  }

  private long number64(byte[] page, int at) {
    long value = (long) LONG.get(page, at);
    return big ? Long.reverseBytes(value) : value;
  }

  private int number32(byte[] page, int at) {
    int value = (int) INT.get(page, at);
    return big ? Integer.reverseBytes(value) : value;
  }

  /// When the event was.
  public long timestamp() {
    return time;
  }

  /// Where in the page the event's record begins, at its `common_type`.
  public int offset() {
    return offset;
  }

  /// How many bytes the record has: at least 4, all of them within the page's committed bytes.
  public int length() {
    return length;
  }

  /// How many events were lost between the page before and this one: 0 for none, -1 if the kernel
  /// does not say how many.
  public long missed() {
    return missed;
  }

  /// How many bytes of events the page says that it has.
  public int committed() {
    return committed;
  }

  /// What is wrong with the page, as far as it was walked; empty for nothing.
  public String damage() {
    return damage;
  }

  /// Where in the page the damage begins.
  public int damagedAt() {
    return damagedAt;
  }

  /// How many bytes of events were lost to damage.
  public int damagedBytes() {
    return lost;
  }
}
