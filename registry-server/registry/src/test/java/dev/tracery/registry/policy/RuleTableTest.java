package dev.tracery.registry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.ChangeCount;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Registry.ChangeKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every cell of the rule table, and an example for each that runs through the whole [Judge].
class RuleTableTest {

  private static final Path DOCS = Path.of("../../docs/abi-rules.md");

  @Test
  void every_cell_has_one_rule() {
    List<String> cells = new ArrayList<>();
    for (ChangeKind kind : ChangeKind.values()) {
      for (AccessClass access : AccessClass.values()) {
        cells.addAll(cells(kind, access.name()));
      }
      cells.addAll(cells(kind, "NOBODY"));
    }
    List<String> found =
        RuleTable.POLICY.rules().stream().map(RuleTableTest::cell).sorted().toList();
    assertEquals(cells.stream().sorted().toList(), found);
  }

  @Test
  void a_cell_without_a_rule_or_with_two_is_refused() {
    List<Rule> rules = new ArrayList<>(RuleTable.POLICY.rules());
    Rule last = rules.removeLast();
    assertThrows(IllegalArgumentException.class, () -> new RuleTable(rules));
    rules.add(rules.getFirst());
    assertThrows(IllegalArgumentException.class, () -> new RuleTable(rules));
    rules.removeLast();
    rules.add(last);
    assertEquals(rules, new RuleTable(rules).rules());
  }

  @Test
  void every_rule_says_why_and_every_break_what_mends_it() {
    for (Rule rule : RuleTable.POLICY.rules()) {
      assertTrue(rule.why().endsWith("."), rule.toString());
      boolean asks = rule.verdict() == Verdict.REVIEW;
      boolean mends = rule.verdict() == Verdict.BREAK;
      assertEquals(asks, rule.mending().endsWith("?"), rule.toString());
      assertEquals(mends, rule.mending().endsWith("."), rule.toString());
    }
  }

  @Test
  void every_cell_has_a_case() {
    Set<String> tested = new LinkedHashSet<>();
    for (RuleCase ruleCase : RuleCase.all()) {
      tested.addAll(cells(ruleCase.kind(), ruleCase.access()));
    }
    Set<String> cells = new LinkedHashSet<>();
    RuleTable.POLICY.rules().forEach(rule -> cells.add(cell(rule)));
    cells.removeAll(tested);
    assertEquals(Set.of(), cells);
  }

  static List<RuleCase> cases() {
    return RuleCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void the_judge_says_what_the_case_expects(RuleCase ruleCase) {
    List<String> found = new ArrayList<>();
    for (Stability stability : Stability.values()) {
      List<Claim> claims =
          ruleCase.claim().isEmpty()
              ? List.of()
              : List.of(TestKernels.claim("tool", ruleCase.claim()));
      Report report =
          TestKernels.judge(
              ruleCase.kernelBefore(), ruleCase.kernelAfter(), claims, _ -> stability, List.of());
      found.add(verdict(report, ruleCase).map(Verdict::name).orElse("no such change"));
    }
    assertEquals(ruleCase.verdicts(), found);
  }

  /// What the report says of the case's change to the case's consumer, or to nobody.
  private static Optional<Verdict> verdict(Report report, RuleCase ruleCase) {
    Optional<Verdict> worst = Optional.empty();
    boolean nobody = ruleCase.access().equals("NOBODY");
    for (Finding finding : report.findings()) {
      if (finding.change().kind() == ruleCase.kind()) {
        Verdict verdict =
            nobody == (finding.consumer() == null) ? finding.verdict() : Verdict.COMPATIBLE;
        worst = Optional.of(max(worst.orElse(verdict), verdict));
      }
    }
    for (ChangeCount count : report.harmless()) {
      if (count.kind() == ruleCase.kind()) {
        // Why: what nobody uses is no matter to a consumer.
        Verdict verdict = nobody ? count.verdict() : Verdict.COMPATIBLE;
        worst = Optional.of(max(worst.orElse(verdict), verdict));
      }
    }
    return worst;
  }

  private static Verdict max(Verdict one, Verdict other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  @Test
  void the_documentation_is_that_of_the_table() throws IOException {
    String text = RuleDocument.of(RuleTable.POLICY);
    if (Boolean.getBoolean("tracery.rewrite")) {
      Files.writeString(DOCS, text);
    }
    assertEquals(
        Files.readString(DOCS),
        text,
        "docs/abi-rules.md is stale: run with -Dtracery.rewrite=true and review the diff");
  }

  private static List<String> cells(ChangeKind kind, String access) {
    List<String> cells = new ArrayList<>();
    for (Stability stability : Stability.values()) {
      cells.add(kind + " " + access + " " + stability);
    }
    return cells;
  }

  private static String cell(Rule rule) {
    return rule.kind()
        + " "
        + (rule.access() == null ? "NOBODY" : rule.access())
        + " "
        + rule.stability();
  }
}
