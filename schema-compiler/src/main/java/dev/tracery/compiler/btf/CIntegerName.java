package dev.tracery.compiler.btf;

import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// The names of C's integers: gcc writes `long unsigned int` into BTF where clang writes `unsigned
/// long`.
final class CIntegerName {

  private static final Set<String> WORDS =
      Set.of("signed", "unsigned", "short", "long", "char", "int", "__int128");

  private CIntegerName() {}

  /// The shortest usual spelling: `unsigned long`. Any other name stays as it is.
  static String of(String name) {
    List<String> words = Arrays.asList(name.split(" ", -1));
    if (!WORDS.containsAll(words)) {
      return name;
    }
    boolean isChar = words.contains("char");
    String sign = words.contains("unsigned") ? "unsigned " : "";
    if (isChar && words.contains("signed")) {
      sign = "signed ";
    }
    long longs = words.stream().filter("long"::equals).count();
    String size;
    if (isChar) {
      size = "char";
    } else if (words.contains("__int128")) {
      size = "__int128";
    } else if (words.contains("short")) {
      size = "short";
    } else {
      size = longs == 0 ? "int" : longs == 1 ? "long" : "long long";
    }
    return sign + size;
  }
}
