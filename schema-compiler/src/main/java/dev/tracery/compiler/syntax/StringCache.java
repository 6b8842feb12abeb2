package dev.tracery.compiler.syntax;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Strings made of bytes, remembered so that equal ones are mostly one object. Of bounded size: an
/// entry gives way to the next one with its hash.
///
/// Thread-safe without locks: strings are immutable, so that a race costs an object and nothing
/// else.
public final class StringCache {

  private static final int SLOTS = 4096;
  private static final int LONGEST = 64;

  private final @Nullable String[] slots = new @Nullable String[SLOTS];

  /// An empty cache.
  public StringCache() {}

  /// The string of these bytes, which are UTF-8.
  public String get(byte[] text, int start, int end) {
    int length = end - start;
    if (length > LONGEST) {
      return new String(text, start, length, StandardCharsets.UTF_8);
    }
    int hash = length;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text[i];
    }
    int slot = (hash ^ hash >>> 12) & SLOTS - 1;
    String known = slots[slot];
    if (known != null && matches(known, 0, text, start, end) && known.length() == length) {
      return known;
    }
    String made = new String(text, start, length, StandardCharsets.UTF_8);
    slots[slot] = made;
    return made;
  }

  /// Whether `string` has, from `from` on, these bytes, all of them ASCII.
  static boolean matches(String string, int from, byte[] text, int start, int end) {
    if (string.length() - from < end - start) {
      return false;
    }
    for (int i = start; i < end; i++) {
      if (string.charAt(from + i - start) != text[i]) {
        return false;
      }
    }
    return true;
  }
}
