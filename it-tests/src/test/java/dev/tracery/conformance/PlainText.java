package dev.tracery.conformance;

/// UTF-8 as the decoder of the Encoding Standard reads it, byte by byte
/// (<https://encoding.spec.whatwg.org/#utf-8-decoder>); what is malformed becomes U+FFFD.
final class PlainText {

  private PlainText() {}

  /// The text before the first NUL.
  static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    int point = 0;
    int needed = 0;
    int lower = 0x80;
    int upper = 0xbf;
    for (int i = 0; i < bytes.length; i++) {
      int b = bytes[i] & 0xff;
      if (b == 0) {
        break;
      }
      if (needed > 0) {
        if (b >= lower && b <= upper) {
          lower = 0x80;
          upper = 0xbf;
          point = point << 6 | b & 0x3f;
          needed--;
          if (needed == 0) {
            text.appendCodePoint(point);
          }
          continue;
        }
        text.append('\ufffd');
        needed = 0;
        lower = 0x80;
        upper = 0xbf;
      }
      if (b < 0x80) {
        text.append((char) b);
      } else if (b >= 0xc2 && b <= 0xdf) {
        needed = 1;
        point = b & 0x1f;
      } else if (b >= 0xe0 && b <= 0xef) {
        needed = 2;
        point = b & 0xf;
        lower = b == 0xe0 ? 0xa0 : 0x80;
        upper = b == 0xed ? 0x9f : 0xbf;
      } else if (b >= 0xf0 && b <= 0xf4) {
        needed = 3;
        point = b & 0x7;
        lower = b == 0xf0 ? 0x90 : 0x80;
        upper = b == 0xf4 ? 0x8f : 0xbf;
      } else {
        text.append('\ufffd');
      }
    }
    if (needed > 0) {
      text.append('\ufffd');
    }
    return text.toString();
  }
}
