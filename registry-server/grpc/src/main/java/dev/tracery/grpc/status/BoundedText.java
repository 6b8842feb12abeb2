package dev.tracery.grpc.status;

/// Texts cut to what fits where they go.
final class BoundedText {

  private static final String CUT = "...";

  private BoundedText() {}

  /// `text`, cut so that it takes at most `maxBytes` in the `grpc-message` header, where everything
  /// outside printable ASCII is percent-encoded, three characters for each byte of UTF-8.
  static String cut(String text, int maxBytes) {
    int bytes = 0;
    int lastFit = 0;
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      bytes += headerBytes(point);
      if (bytes > maxBytes) {
        return text.substring(0, lastFit) + CUT;
      }
      i += Character.charCount(point);
      if (bytes + CUT.length() <= maxBytes) {
        lastFit = i;
      }
    }
    return text;
  }

  private static int headerBytes(int point) {
    if (point >= ' ' && point < 0x7f && point != '%') {
      return 1;
    }
    if (point < 0x80) {
      return 3;
    }
    if (point < 0x800) {
      return 6;
    }
    return point < 0x10000 ? 9 : 12;
  }
}
