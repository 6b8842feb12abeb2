package dev.tracery.model;

/// A trace event's name: `system/name`, both as the kernel spells them.
///
/// @param system the folder under tracefs `events/`: `sched`
/// @param name the folder within it: `sched_switch`
public record EventName(String system, String name) implements Comparable<EventName> {

  /// The longest system or name, in characters. The kernel's own limit for names made at run time
  /// is 64 (`MAX_EVENT_NAME_LEN`, kernel/trace/trace_probe.h); names made by macros have none.
  public static final int MAX_LENGTH = 255;

  /// @throws IllegalArgumentException if a part is empty, too long, `.` or `..`, or has a character
  ///   other than a printable ASCII one, or a `/`, `*`, `?`, `:` or blank, which no event name has
  ///   and which commands give a meaning
  public EventName {
    check("system", system);
    check("name", name);
  }

  /// Reads `system/name`.
  ///
  /// @throws IllegalArgumentException if `text` is anything else
  public static EventName parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      int colon = text.indexOf(':');
      if (colon > 0 && colon < text.length() - 1 && text.indexOf(':', colon + 1) < 0) {
        // Why: perf and trace-cmd write sched:sched_switch.
        throw new IllegalArgumentException(
            "expected system/name but found "
                + quoted(text)
                + ": write "
                + quoted(text.replace(':', '/')));
      }
      throw new IllegalArgumentException(
          "expected system/name but found " + quoted(text) + ", which has no '/'");
    }
    return new EventName(text.substring(0, slash), text.substring(slash + 1));
  }

  @Override
  public int compareTo(EventName other) {
    int order = system.compareTo(other.system);
    return order != 0 ? order : name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return system + "/" + name;
  }

  private static void check(String part, String text) {
    if (text.isEmpty() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException("an event's " + part + " cannot be " + quoted(text));
    }
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "an event's "
              + part
              + " has "
              + text.length()
              + " characters; at most "
              + MAX_LENGTH
              + " are allowed");
    }
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c <= ' ' || c >= 0x7f || c == '/' || c == '*' || c == '?' || c == ':') {
        throw new IllegalArgumentException(
            String.format(
                "an event's %s cannot contain the character U+%04X (at position %d of %s)",
                part, (int) c, i + 1, quoted(text)));
      }
    }
  }

  private static String quoted(String text) {
    String shown = text.length() > 80 ? text.substring(0, 80) + "…" : text;
    StringBuilder out = new StringBuilder("\"");
    shown
        .chars()
        .forEach(c -> {
          if (c < ' ' || c == 0x7f) {
            out.append(String.format("\\x%02x", c));
          } else {
            out.append((char) c);
          }
        });
    return out.append('"').toString();
  }
}
