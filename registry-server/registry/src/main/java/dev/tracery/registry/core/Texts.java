package dev.tracery.registry.core;

/// Text of callers within our own.
final class Texts {

  private static final int MAX_SHOWN = 100;

  private Texts() {}

  /// `text` in quotes, cut and without control characters.
  static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.codePoints()
        .limit(MAX_SHOWN)
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            out.append(String.format("\\x%02x", c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.append(text.codePointCount(0, text.length()) > MAX_SHOWN ? "…\"" : "\"").toString();
  }

  /// `1 event`, `2 events`.
  static String count(long count, String noun) {
    return String.format("%,d %s%s", count, noun, count == 1 ? "" : "s");
  }
}
