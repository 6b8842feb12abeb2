package dev.tracery.render.line;

/// Whose lines the text looks like.
public enum LineStyle {
  /// `trace-cmd report`: process, CPU, time, event, and what the event's print format says.
  REPORT,
  /// The kernel's file `trace`: process, CPU, the letters for interrupts and preemption, time, and
  /// what the kernel's own functions print of its own events.
  FTRACE
}
