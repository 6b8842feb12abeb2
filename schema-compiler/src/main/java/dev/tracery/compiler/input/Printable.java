package dev.tracery.compiler.input;

/// Text of an input as a message can show it.
final class Printable {

  private static final int MAX_SHOWN = 120;

  private Printable() {}

  /// In quotes, cut after 120 characters.
  static String quote(String text) {
    String shown = text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    return "\"" + escape(shown) + "\"";
  }

  /// Control characters as `\xNN` or `\\uNNNN`.
  static String escape(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.chars()
        .forEach(c -> {
          if (c < ' ' || c == 0x7f) {
            out.append(String.format("\\x%02x", c));
          } else if (Character.isISOControl(c) || Character.isSurrogate((char) c)) {
            out.append(String.format("\\u%04x", c));
          } else {
            out.append((char) c);
          }
        });
    return out.toString();
  }
}
