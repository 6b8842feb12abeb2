package dev.tracery.registry.core;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// Finds what was perhaps meant by a name that is not there.
final class NearNames {

  private static final int MOST = 5;
  private static final int MOST_COMPARED = 10_000;

  private NearNames() {}

  /// Those of `known` that a few edits lead to, or that contain `name` or are in it; the nearest
  /// first.
  static List<String> of(String name, Collection<String> known) {
    String wanted = name.toLowerCase(Locale.ROOT);
    int edits = 1 + Math.min(wanted.length(), 40) / 5;
    record Near(String name, int edits) {}
    return known.stream()
        .limit(MOST_COMPARED)
        .map(other -> new Near(other, distance(wanted, other.toLowerCase(Locale.ROOT))))
        .filter(near -> near.edits <= edits || contains(near.name, name))
        .sorted(Comparator.comparingInt(Near::edits).thenComparing(Near::name))
        .limit(MOST)
        .map(Near::name)
        .toList();
  }

  /// `; did you mean …?`, or `otherwise` where nothing is near.
  static String hint(String name, Collection<String> known, String otherwise) {
    List<String> near = of(name, known);
    return near.isEmpty() ? otherwise : "; did you mean " + String.join(", ", near) + "?";
  }

  private static boolean contains(String a, String b) {
    return Math.min(a.length(), b.length()) >= 3 && (a.contains(b) || b.contains(a));
  }

  /// How many characters must be inserted, removed or replaced (Levenshtein).
  private static int distance(String from, String to) {
    int[] last = new int[to.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] next = new int[to.length() + 1];
      next[0] = i;
      for (int j = 1; j < next.length; j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        next[j] = Math.min(replaced, 1 + Math.min(last[j], next[j - 1]));
      }
      last = next;
    }
    return last[to.length()];
  }
}
