package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;

/// `%*pE`: a buffer with escapes (lib/vsprintf.c, escaped_string; lib/string_helpers.c,
/// string_escape_mem).
///
/// @param classes which characters are escaped: letters of `acehnops`
record EscapedText(String classes) implements MemoryText {

  private static final String SPACES = "\f\n\r\t\u000b";
  private static final String SPACE_LETTERS = "fnrtv";
  private static final String SPECIALS = "\"\\\u0007\u001b";
  private static final String SPECIAL_LETTERS = "\"\\ae";

  static MemoryText of(String extension) {
    int end = 1;
    while (end < extension.length() && "achnops".indexOf(extension.charAt(end)) >= 0) {
      end++;
    }
    String given = extension.substring(1, end);
    // Why ap: ESCAPE_ANY_NP is the default. ESCAPE_ANY is spaces, specials, NULs and octals.
    return new EscapedText((given.isEmpty() ? "ap" : given).replace("a", "scno"));
  }

  private boolean has(char letter) {
    return classes.indexOf(letter) >= 0;
  }

  @Override
  public void append(Frame frame, long address, int width, TextBuffer out) {
    int count = width < 0 ? 1 : width;
    MemoryText.checkLength(count);
    byte[] from = frame.array(address);
    int at = frame.position(address, count);
    for (int i = 0; i < count; i++) {
      escaped(from[at + i] & 0xff, out);
    }
  }

  private void escaped(int c, TextBuffer out) {
    // Why from 0xa0 on: the kernel's ctype.h is Latin-1.
    boolean printable = c >= 0x20 && c < 0x7f || c >= 0xa0;
    int space = SPACES.indexOf(c);
    int special = SPECIALS.indexOf(c);
    if (has('p') && printable) {
      out.put(c);
    } else if (has('s') && space >= 0) {
      out.put('\\');
      out.put(SPACE_LETTERS.charAt(space));
    } else if (has('c') && special >= 0) {
      out.put('\\');
      out.put(SPECIAL_LETTERS.charAt(special));
    } else if (has('n') && c == 0) {
      out.put("\\0");
    } else if (has('o')) {
      out.put('\\');
      out.put('0' + (c >> 6));
      out.put('0' + (c >> 3 & 7));
      out.put('0' + (c & 7));
    } else if (has('h')) {
      out.put("\\x");
      out.hex(c, 2);
    } else {
      out.put(c);
    }
  }
}
