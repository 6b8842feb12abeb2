package dev.tracery.render.line;

import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// `%16s-%-*d ` for each process, made once. Not thread-safe.
final class ProcessHeads {

  /// Damaged records can have any pid.
  private static final int MOST = 1 << 16;

  private final CommandNames names;
  private final int pidWidth;
  private final IntTable heads = new IntTable();

  ProcessHeads(CommandNames names, int pidWidth) {
    this.names = names;
    this.pidWidth = pidWidth;
  }

  /// Appends what a process is called, under the name that it had when it made the record, where
  /// the trace says that.
  void append(RecordCursor record, int pid, TextBuffer out) {
    byte[] then = pid == 0 ? null : record.commandName();
    out.put(then == null ? of(pid) : make(then, pid));
  }

  private byte[] of(int pid) {
    byte[] head = heads.get(pid);
    if (head == null) {
      if (heads.size() == MOST) {
        heads.clear();
      }
      head = make(names.name(pid), pid);
      heads.put(pid, head);
    }
    return head;
  }

  private byte[] make(byte[] name, int pid) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32);
    for (int i = name.length; i < 16; i++) {
      out.write(' ');
    }
    out.writeBytes(name);
    out.write('-');
    byte[] digits = Integer.toString(pid).getBytes(StandardCharsets.US_ASCII);
    out.writeBytes(digits);
    for (int i = digits.length; i < pidWidth; i++) {
      out.write(' ');
    }
    out.write(' ');
    return out.toByteArray();
  }
}
