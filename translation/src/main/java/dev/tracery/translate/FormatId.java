package dev.tracery.translate;

/// Finds an event's id in its format without compiling it.
public final class FormatId {

  /// The first bytes of a format in which its id must be.
  static final int HEAD_BYTES = 512;

  private FormatId() {}

  /// The id in a format file.
  ///
  /// @return -1 if there is none
  public static int of(byte[] text) {
    return in(text, HEAD_BYTES);
  }

  /// @param within how many bytes are looked at
  /// @return -1 if there is none
  static int in(byte[] text, int within) {
    int end = Math.min(text.length, within);
    for (int i = 0; i + 3 < end; i++) {
      boolean atLineStart = i == 0 || text[i - 1] == '\n';
      if (atLineStart && text[i] == 'I' && text[i + 1] == 'D' && text[i + 2] == ':') {
        return number(text, i + 3, end);
      }
    }
    return -1;
  }

  private static int number(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] == ' ') {
      at++;
    }
    int value = -1;
    for (; at < end && text[at] >= '0' && text[at] <= '9' && value < 1 << 24; at++) {
      value = Math.max(value, 0) * 10 + text[at] - '0';
    }
    return value;
  }
}
