package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;

/// The letters that tell the state of interrupts and preemption (kernel/trace/trace_output.c,
/// trace_print_lat_fmt, of the kernel that recorded).
final class LatencyLetters {

  private static final int IRQS_OFF = 0x01;
  private static final int NEED_RESCHED_LAZY = 0x02;
  private static final int NEED_RESCHED = 0x04;
  private static final int HARDIRQ = 0x08;
  private static final int SOFTIRQ = 0x10;
  private static final int PREEMPT_RESCHED = 0x20;
  private static final int NMI = 0x40;
  private static final int BH_OFF = 0x80;

  private final boolean migrateDisable;
  private final boolean bottomHalves;
  private final boolean lazy;

  LatencyLetters(KernelVersion kernel) {
    this.migrateDisable = kernel.atLeast(5, 15);
    this.bottomHalves = kernel.atLeast(5, 17);
    // Why: before, the bit said that the machine cannot tell whether interrupts are off.
    this.lazy = kernel.atLeast(6, 13);
  }

  /// Whether there is a column for disabled migration.
  boolean migrateDisable() {
    return migrateDisable;
  }

  /// Whether the first column tells of disabled bottom halves, too.
  boolean bottomHalves() {
    return bottomHalves;
  }

  void append(int flags, int preemptCount, TextBuffer out) {
    out.put(irqs(flags));
    out.put(resched(flags));
    out.put(context(flags));
    if (migrateDisable) {
      depth(preemptCount & 0xf, out);
      depth(preemptCount >> 4, out);
    } else {
      if (preemptCount > 0xf) {
        depth(preemptCount >> 4, out);
        out.put(Character.forDigit(preemptCount & 0xf, 16));
      } else {
        depth(preemptCount, out);
      }
    }
  }

  private int irqs(int flags) {
    boolean off = (flags & IRQS_OFF) != 0;
    if (bottomHalves && (flags & BH_OFF) != 0) {
      return off ? 'D' : 'b';
    }
    if (off) {
      return 'd';
    }
    return !lazy && (flags & NEED_RESCHED_LAZY) != 0 ? 'X' : '.';
  }

  private int resched(int flags) {
    boolean task = (flags & NEED_RESCHED) != 0;
    boolean preempt = (flags & PREEMPT_RESCHED) != 0;
    if (lazy && (flags & NEED_RESCHED_LAZY) != 0) {
      return task ? preempt ? 'B' : 'b' : preempt ? 'L' : 'l';
    }
    return task ? preempt ? 'N' : 'n' : preempt ? 'p' : '.';
  }

  private static int context(int flags) {
    boolean hard = (flags & HARDIRQ) != 0;
    if ((flags & NMI) != 0) {
      return hard ? 'Z' : 'z';
    }
    boolean soft = (flags & SOFTIRQ) != 0;
    return hard ? soft ? 'H' : 'h' : soft ? 's' : '.';
  }

  private static void depth(int nesting, TextBuffer out) {
    out.put(nesting == 0 ? '.' : Character.forDigit(nesting, 16));
  }
}
