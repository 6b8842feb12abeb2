package dev.tracery.compiler.syntax;

import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// The types of declarations, remembered: a kernel's formats spell some hundred types in tens of
/// thousands of fields. Of bounded size and thread-safe, as [StringCache] is.
public final class TypeCache {

  private static final int SLOTS = 2048;

  /// The longest text that is remembered, in bytes: what is remembered takes memory for good.
  private static final int LONGEST = 256;

  private final @Nullable DeclaredType[] slots = new @Nullable DeclaredType[SLOTS];
  private final TypeReader reader;

  /// An empty cache.
  ///
  /// @param counter how many elements an array's brackets say, -1 where they say none: the text
  ///   between the brackets can be any constant expression
  public TypeCache(ToIntFunction<String> counter) {
    this.reader = new TypeReader(counter);
  }

  /// The type whose text is these two ranges of bytes, one after the other.
  ///
  /// @return null where the text has characters that no C type has
  @Nullable DeclaredType get(byte[] text, int start, int end, int bracketStart, int bracketEnd) {
    int hash = hash(hash(0, text, start, end), text, bracketStart, bracketEnd);
    int slot = (hash ^ hash >>> 11) & SLOTS - 1;
    DeclaredType known = slots[slot];
    int length = end - start;
    if (known != null
        && known.text().length() == length + bracketEnd - bracketStart
        && StringCache.matches(known.text(), 0, text, start, end)
        && StringCache.matches(known.text(), length, text, bracketStart, bracketEnd)) {
      return known;
    }
    DeclaredType made = reader.read(text, start, end, bracketStart, bracketEnd);
    if (made != null && made.text().length() <= LONGEST) {
      slots[slot] = made;
    }
    return made;
  }

  private static int hash(int seed, byte[] text, int start, int end) {
    int hash = seed;
    for (int i = start; i < end; i++) {
      hash = hash * 31 + text[i];
    }
    return hash;
  }
}
