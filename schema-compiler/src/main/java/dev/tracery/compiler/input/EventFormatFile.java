package dev.tracery.compiler.input;

import dev.tracery.model.EventName;
import java.util.Arrays;

/// One event's format, as the input has it.
///
/// @param event from the folders' names in a tree; from the `name:` line in a trace file
/// @param file how diagnostics name it: `sched/sched_switch/format`, whatever the input was
/// @param text as the kernel wrote it; not copied, not to be changed
public record EventFormatFile(EventName event, String file, byte[] text) {

  /// Under the name that every kind of input gives it.
  EventFormatFile(EventName event, byte[] text) {
    this(event, event + "/format", text);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof EventFormatFile that
        && event.equals(that.event)
        && file.equals(that.file)
        && Arrays.equals(text, that.text);
  }

  @Override
  public int hashCode() {
    return 31 * event.hashCode() + Arrays.hashCode(text);
  }

  @Override
  public String toString() {
    return file + " (" + text.length + " bytes)";
  }
}
