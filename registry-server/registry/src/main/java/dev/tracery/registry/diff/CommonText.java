package dev.tracery.registry.diff;

/// How much two texts share, in characters.
final class CommonText {

  private CommonText() {}

  static int atStart(String one, String other) {
    int most = Math.min(one.length(), other.length());
    int count = 0;
    while (count < most && one.charAt(count) == other.charAt(count)) {
      count++;
    }
    return count;
  }

  /// At the end, without the `start` characters that they share at the start.
  static int atEnd(String one, String other, int start) {
    int most = Math.min(one.length(), other.length()) - start;
    int count = 0;
    while (count < most
        && one.charAt(one.length() - 1 - count) == other.charAt(other.length() - 1 - count)) {
      count++;
    }
    return count;
  }
}
