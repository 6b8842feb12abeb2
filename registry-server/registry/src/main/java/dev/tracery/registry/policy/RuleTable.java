package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Registry.ChangeKind;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The policy's verdicts: one [Rule] for each change kind, access class and stability class. They
/// stand in `rules.txt` beside this class, one line each.
final class RuleTable {

  private static final String NOBODY = "NOBODY";
  private static final int STABILITIES = Stability.values().length;
  private static final int ACCESSES = AccessClass.values().length + 1;

  /// What `rules.txt` says.
  // Why last of the constants: it is made with them.
  static final RuleTable POLICY = new RuleTable(read());

  private final List<Rule> rules;
  private final @Nullable Rule[] cells =
      new @Nullable Rule[ChangeKind.values().length * ACCESSES * STABILITIES];

  /// @throws IllegalArgumentException if a cell has two rules or none
  RuleTable(List<Rule> rules) {
    this.rules = List.copyOf(rules);
    for (Rule rule : rules) {
      int cell = cell(rule.kind(), rule.access(), rule.stability());
      if (cells[cell] != null) {
        throw new IllegalArgumentException("two rules for one cell: " + rule);
      }
      cells[cell] = rule;
    }
    if (rules.size() != cells.length) {
      throw new IllegalArgumentException(
          "expected " + cells.length + " rules but found " + rules.size());
    }
  }

  /// All rules, in the table's order.
  List<Rule> rules() {
    return rules;
  }

  /// The rule of a cell.
  ///
  /// @param access null for the rule that needs no consumer
  Rule rule(ChangeKind kind, @Nullable AccessClass access, Stability stability) {
    return Objects.requireNonNull(cells[cell(kind, access, stability)]);
  }

  private static int cell(ChangeKind kind, @Nullable AccessClass access, Stability stability) {
    int column = access == null ? ACCESSES - 1 : access.ordinal();
    return (kind.ordinal() * ACCESSES + column) * STABILITIES + stability.ordinal();
  }

  /// Reads rules, one a line; lines that are empty or begin with `#` are none.
  ///
  /// @throws IllegalArgumentException naming the line that is no rule
  static List<Rule> parse(String text) {
    List<Rule> rules = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n")) {
      number++;
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] parts = line.split("\\|", -1);
      if (parts.length != 5 && parts.length != 6) {
        throw new IllegalArgumentException(
            "line " + number + ": expected 5 or 6 columns but found " + parts.length);
      }
      try {
        String access = parts[1].strip();
        rules.add(
            new Rule(
                ChangeKind.valueOf(parts[0].strip()),
                access.equals(NOBODY) ? null : AccessClass.valueOf(access),
                Stability.valueOf(parts[2].strip()),
                Verdict.valueOf(parts[3].strip()),
                parts[4].strip(),
                parts.length == 6 ? parts[5].strip() : ""));
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
      }
    }
    return rules;
  }

  private static List<Rule> read() {
    try (InputStream in = RuleTable.class.getResourceAsStream("rules.txt")) {
      return parse(new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
