package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;

/// Blanks that bring what was appended to a width.
final class Padding {

  private Padding() {}

  /// @param width its amount counts; 0 for none
  /// @param left whether the blanks come after the text
  /// @param start where the text begins
  static void to(int width, boolean left, int start, TextBuffer out) {
    int missing = Math.abs(width) - (out.length() - start);
    if (missing <= 0) {
      return;
    }
    out.repeat(' ', missing);
    if (!left) {
      byte[] bytes = out.array();
      System.arraycopy(bytes, start, bytes, start + missing, out.length() - start - missing);
      java.util.Arrays.fill(bytes, start, start + missing, (byte) ' ');
    }
  }
}
