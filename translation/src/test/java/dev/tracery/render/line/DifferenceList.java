package dev.tracery.render.line;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// A list of known differences, and which of them were met. A difference that is not in it fails a
/// test, and so does an entry that nothing needs.
final class DifferenceList {

  private static final int SHOWN = 40;

  private final List<KnownDifference> differences;
  private final Map<Integer, Integer> met = new TreeMap<>();
  private final Set<String> compared = new TreeSet<>();

  DifferenceList(String resource) throws IOException {
    try (InputStream in = DifferenceList.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalArgumentException(resource);
      }
      this.differences = KnownDifference.read(in.readAllBytes());
    }
  }

  /// Compares two texts line by line.
  ///
  /// @param text which of the texts theirs is
  /// @return how many lines are not equal, but known to differ
  int compare(
      String kernel, String trace, String text, List<TextLine> theirs, List<TextLine> ours) {
    compared.add(kernel + "/" + trace + " " + text);
    Map<String, List<KnownDifference>> byEvent = new TreeMap<>();
    List<String> unknown = new ArrayList<>();
    int known = 0;
    for (int i = 0; i < Math.min(theirs.size(), ours.size()); i++) {
      TextLine their = theirs.get(i);
      TextLine our = ours.get(i);
      if (our.equals(their)) {
        continue;
      }
      List<KnownDifference> used = List.of();
      if (our.head().equals(their.head()) && our.event().equals(their.event())) {
        List<KnownDifference> candidates =
            byEvent.computeIfAbsent(
                our.event(),
                event ->
                    differences.stream()
                        .filter(each -> each.appliesTo(text, kernel, event))
                        .toList());
        used = KnownDifference.between(our.text(), their.text(), candidates);
      }
      if (used.isEmpty()) {
        unknown.add((i + 1) + "\n  theirs " + their + "\n  ours   " + our);
      } else {
        known++;
        used.forEach(each -> met.merge(each.line(), 1, Integer::sum));
      }
    }
    assertEquals(
        "", String.join("\n", unknown.subList(0, Math.min(SHOWN, unknown.size()))), kernel);
    assertEquals(theirs.size(), ours.size(), "lines");
    return known;
  }

  /// Fails for entries that no trace needed that was compared and that they name.
  void assertEveryEntryIsNeeded() {
    List<String> unneeded = new ArrayList<>();
    for (KnownDifference difference : differences) {
      // Why: of some traces the samples have the text without plugins only.
      boolean shown =
          compared.stream()
              .filter(each ->
                  difference.texts().equals("both") || each.endsWith(" " + difference.texts()))
              .anyMatch(each -> each.contains(difference.seen() + " "));
      if (shown && !met.containsKey(difference.line())) {
        unneeded.add("line " + difference.line() + ", seen in " + difference.seen());
      }
    }
    assertEquals(List.of(), unneeded);
  }

  /// How many times each entry was needed, by its line.
  String counts() {
    return met.toString();
  }
}
