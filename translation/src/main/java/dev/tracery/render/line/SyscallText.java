package dev.tracery.render.line;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.render.TextBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// The kernel's own text of system calls, which has no event's name: `sys_close(fd: 3)` and
/// `sys_close -> 0x0` (kernel/trace/trace_syscalls.c, print_syscall_enter and print_syscall_exit).
final class SyscallText {

  private SyscallText() {}

  static EventText enter(Layout layout, String call) {
    // Why 1: the first is the call's number.
    List<Field> arguments = layout.fields().subList(1, layout.fields().size());
    byte[] open = (call + "(").getBytes(StandardCharsets.UTF_8);
    byte[][] labels = new byte[arguments.size()][];
    for (int i = 0; i < labels.length; i++) {
      String label = (i == 0 ? "" : ", ") + arguments.get(i).name() + ": ";
      labels[i] = label.getBytes(StandardCharsets.UTF_8);
    }
    Digits digits = new Digits();
    return (record, _, out) -> {
      out.put(open);
      for (int i = 0; i < labels.length; i++) {
        out.put(labels[i]);
        Field field = arguments.get(i);
        digits.hex(record.unsigned(field.offset(), field.size()), 1, out);
      }
      out.put(')');
    };
  }

  static EventText exit(Layout layout, String call) {
    byte[] text = (call + " -> 0x").getBytes(StandardCharsets.UTF_8);
    Field result = layout.fields().get(1);
    Digits digits = new Digits();
    return (record, _, out) -> exit(record, result, text, digits, out);
  }

  private static void exit(
      RecordBytes record, Field result, byte[] text, Digits digits, TextBuffer out) {
    out.put(text);
    digits.hex(record.unsigned(result.offset(), result.size()), 1, out);
  }
}
