package dev.tracery.compiler.syntax;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Reads the type of a declaration into a [DeclaredType].
final class TypeReader {

  /// Words that say nothing about the bytes. `__seg_gs` and the like stand before pointers.
  private static final Set<String> QUALIFIERS =
      Set.of(
          "const",
          "volatile",
          "restrict",
          "__restrict",
          "__const",
          "__volatile__",
          "static",
          "register",
          "__user",
          "__kernel",
          "__iomem",
          "__rcu",
          "__percpu",
          "__force",
          "__bitwise",
          "__seg_gs",
          "__seg_fs",
          "__extension__",
          "__packed");

  private final ToIntFunction<String> counter;

  TypeReader(ToIntFunction<String> counter) {
    this.counter = counter;
  }

  /// @return null where the text has characters that no C type has
  @Nullable DeclaredType read(byte[] bytes, int start, int end, int bracketStart, int bracketEnd) {
    String type = new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
    String brackets =
        new String(bytes, bracketStart, bracketEnd - bracketStart, StandardCharsets.ISO_8859_1);
    Storage storage = Storage.PLAIN;
    boolean pointer = false;
    // Why: after `int (*name)` comes `)(args)`.
    boolean array = brackets.startsWith("[");
    String inBrackets = brackets;
    StringBuilder base = new StringBuilder();
    int i = 0;
    while (i < type.length()) {
      char c = type.charAt(i);
      int next = i + 1;
      if (isWord(c)) {
        while (next < type.length() && isWord(type.charAt(next))) {
          next++;
        }
        String word = type.substring(i, next);
        if (word.equals("__data_loc")) {
          storage = Storage.DATA_LOC;
        } else if (word.equals("__rel_loc")) {
          storage = Storage.REL_LOC;
        } else if (word.equals("__attribute__") || word.equals("__attribute")) {
          next = afterGroup(type, next);
        } else if (!QUALIFIERS.contains(word)) {
          append(base, word);
        }
      } else if (c == '*') {
        pointer = true;
      } else if (c == '(' || c == '{') {
        next = afterGroup(type, i);
        // Why: `int (*)(void)` is a pointer; `typeof(x)` and `struct { … }` belong to the type.
        pointer |= c == '(' && type.startsWith("(*", i);
        append(base, type.substring(i, next));
      } else if (c == '[') {
        next = afterGroup(type, i);
        array = true;
        inBrackets = type.substring(i, next);
      } else if (c != ' ' && c != '\t' && c != '.') {
        return null;
      }
      i = next;
    }
    return new DeclaredType(
        type + brackets,
        storage,
        base.toString(),
        pointer,
        array,
        array ? counter.applyAsInt(inBrackets.substring(1, inBrackets.length() - 1)) : -1);
  }

  private static void append(StringBuilder base, String word) {
    if (!base.isEmpty()) {
      base.append(' ');
    }
    base.append(word);
  }

  private static boolean isWord(char c) {
    return c < 128 && Ascii.isWord((byte) c);
  }

  /// The index after the bracketed group that begins at or after `from`; brackets are balanced.
  private static int afterGroup(String type, int from) {
    int depth = 0;
    for (int i = from; i < type.length(); i++) {
      switch (type.charAt(i)) {
        case '(', '[', '{' -> depth++;
        case ')', ']', '}' -> {
          depth--;
          if (depth == 0) {
            return i + 1;
          }
        }
        case ' ', '\t' -> {}
        default -> {
          if (depth == 0) {
            return i;
          }
        }
      }
    }
    return type.length();
  }
}
