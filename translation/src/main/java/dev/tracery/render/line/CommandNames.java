package dev.tracery.render.line;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The names of processes by their pid, as a `saved_cmdlines` has them: `PID NAME`. Not
/// thread-safe.
public final class CommandNames {

  private static final byte[] IDLE = "<idle>".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] UNKNOWN = "<...>".getBytes(StandardCharsets.US_ASCII);

  private final IntTable names = new IntTable();

  /// Reads a whole file. Lines that name no process are left out.
  public static CommandNames of(byte[] savedCmdlines) {
    CommandNames names = new CommandNames();
    names.read(savedCmdlines);
    return names;
  }

  private CommandNames() {}

  private void read(byte[] text) {
    for (int at = 0, end; at < text.length; at = end + 1) {
      end = at;
      while (end < text.length && text[end] != '\n' && text[end] != 0) {
        end++;
      }
      int pid = 0;
      int digits = at;
      while (digits < end && text[digits] >= '0' && text[digits] <= '9' && digits < at + 9) {
        pid = pid * 10 + text[digits++] - '0';
      }
      if (digits > at && digits < end && text[digits] == ' ') {
        names.put(pid, Arrays.copyOfRange(text, digits + 1, end));
      }
    }
  }

  /// What the process was called: `<idle>` for 0, and `<...>` if nobody knows. Not to be changed.
  public byte[] name(int pid) {
    byte[] name = known(pid);
    return name == null ? UNKNOWN : name;
  }

  /// What the process was called: `<idle>` for 0, and null if nobody knows. Not to be changed.
  public byte @Nullable [] known(int pid) {
    return pid == 0 ? IDLE : names.get(pid);
  }
}
