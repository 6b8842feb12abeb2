package dev.tracery.registry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.diff.TestLayouts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Random formats and claims: what the evaluator says of two kernels and what the judge says of the
/// step from one to the other agree.
class JudgePropertiesTest {

  private static final int ROUNDS = 5_000;
  private static final List<String> NAMES = List.of("a", "b", "c", "d", "e");
  private static final List<String> TYPES =
      List.of(
          "int %;4;1",
          "u32 %;4;0",
          "long %;8;1",
          "u64 %;8;0",
          "short %;2;1",
          "char %[16];16;1",
          "char %[8];8;0",
          "u8 %[6];6;0",
          "u8 %[8];8;0",
          "u32 %[2];8;0",
          "__data_loc char[] %;4;1",
          "__data_loc u8[] %;4;0",
          "bool %;1;0");
  private static final List<String> SYMBOLS =
      List.of(
          "{ 1, \"ONE\" }, { 2, \"TWO\" }",
          "{ 1, \"ONE\" }, { 2, \"TWO\" }, { 3, \"THREE\" }",
          "{ 1, \"ONE\" }, { 4, \"TWO\" }",
          "{ 1, \"ONE\" }",
          "{ 2, \"TWO\" }, { 1, \"ONE\" }");

  private final RequirementEvaluator evaluator = new RequirementEvaluator();
  private int breaks;

  private record Draft(String name, int type) {}

  @Test
  void a_break_is_reported_if_and_only_if_the_requirement_or_what_it_locks_is_lost() {
    for (int seed = 0; seed < ROUNDS; seed++) {
      check(new Random(seed), "seed " + seed);
    }
    // Why: a test of nothing but harmless changes would say nothing.
    assertTrue(breaks > ROUNDS / 10, breaks + " breaks");
  }

  private void check(Random random, String seed) {
    List<Draft> drafts = new ArrayList<>();
    for (String name : shuffled(NAMES, random).subList(0, 2 + random.nextInt(4))) {
      drafts.add(new Draft(name, random.nextInt(TYPES.size())));
    }
    List<Draft> changed = new ArrayList<>(drafts);
    for (int i = random.nextInt(4); i > 0; i--) {
      mutate(changed, random);
    }
    int keys = random.nextInt(3);
    FakeKernel before = kernel("before", layout(drafts, 8, keys, random));
    FakeKernel after =
        kernel(
            "after",
            layout(
                changed,
                random.nextInt(5) == 0 ? 16 : 8,
                random.nextBoolean() ? keys : random.nextInt(3),
                random));
    Layout old = before.layouts.values().iterator().next();
    after.knowing(old);
    String text = claim(old, random);
    Requirement requirement = TestUses.requirement(text);
    String what = seed + ": " + text + "\n" + fields(before) + "\n→\n" + fields(after);

    boolean held = evaluator.evaluate(requirement, before).outcome() != RunOutcome.REJECTED;
    boolean rejected = evaluator.evaluate(requirement, after).outcome() == RunOutcome.REJECTED;
    boolean lost =
        rejected
            || evaluator.evaluate(against(requirement, old.hash()), after).outcome()
                == RunOutcome.REJECTED;
    Report report = TestKernels.judge(before, after, List.of(TestKernels.claim("tool", text)));
    List<Finding> found =
        report.findings().stream().filter(each -> each.verdict() == Verdict.BREAK).toList();
    assertEquals(held && lost, !found.isEmpty(), what + "\n" + report.findings());
    assertEquals(!held && rejected, report.unmetCount() == 1, what);
    for (Finding finding : found) {
      breaks++;
      assertEquals(
          Verdict.BREAK,
          RuleTable.POLICY
              .rule(finding.change().kind(), finding.access(), finding.stability())
              .verdict(),
          what);
      assertTrue(
          TestKernels.diff(before, after).of(finding.event()).orElseThrow().changes().stream()
              .anyMatch(change ->
                  change.kind() == finding.change().kind()
                      && change.field().equals(finding.change().field())),
          what + "\n" + finding);
    }
  }

  private static void mutate(List<Draft> drafts, Random random) {
    int at = random.nextInt(drafts.size());
    switch (random.nextInt(5)) {
      case 0 -> {
        if (drafts.size() > 1) {
          drafts.remove(at);
        }
      }
      case 1 -> drafts.set(at, new Draft(drafts.get(at).name, random.nextInt(TYPES.size())));
      case 2 -> {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (drafts.stream().noneMatch(draft -> draft.name.equals(name))) {
          drafts.add(at, new Draft(name, random.nextInt(TYPES.size())));
        }
      }
      case 3 -> Collections.swap(drafts, at, random.nextInt(drafts.size()));
      default -> {
        String name = NAMES.get(random.nextInt(NAMES.size()));
        if (drafts.stream().noneMatch(draft -> draft.name.equals(name))) {
          drafts.set(at, new Draft(name, drafts.get(at).type));
        }
      }
    }
  }

  private static Layout layout(List<Draft> drafts, int start, int keys, Random random) {
    StringBuilder fields = new StringBuilder();
    StringBuilder format = new StringBuilder();
    StringBuilder arguments = new StringBuilder();
    int offset = start;
    for (Draft draft : drafts) {
      String[] parts = TYPES.get(draft.type).replace("%", draft.name).split(";");
      int size = Integer.parseInt(parts[1]);
      fields.append(parts[0] + ";" + offset + ";" + size + ";" + parts[2] + "\n");
      offset += (size + 3) / 4 * 4;
      boolean integer = !parts[0].contains("[") && !parts[0].startsWith("bool");
      if (integer && keys > 0) {
        format.append(draft.name).append(keys == 1 ? "=%s " : ":%s ");
        arguments
            .append(", __print_symbolic(REC->" + draft.name + ", ")
            .append(SYMBOLS.get(random.nextInt(SYMBOLS.size())) + ")");
      }
    }
    return TestLayouts.printing("\"" + format + "end=%d\"" + arguments + ", 1", fields.toString());
  }

  private static FakeKernel kernel(String release, Layout layout) {
    return new FakeKernel(release)
        .with("s/event", layout)
        .withParameters("event", "int")
        .withStructOf("trace_event_raw_event", layout);
  }

  /// A claim on what is there, or nearly.
  private static String claim(Layout layout, Random random) {
    List<Field> fields = new ArrayList<>(layout.fields());
    Field field = fields.get(random.nextInt(fields.size()));
    Field second = fields.get(random.nextInt(fields.size()));
    String marks = (random.nextBoolean() ? "!" : "") + (random.nextInt(5) == 0 ? "?" : "");
    String names =
        field.name() + (random.nextInt(4) == 0 ? "|" + NAMES.get(random.nextInt(5)) : "");
    String place =
        "@" + field.offset() + ":" + field.size() + List.of("", "s", "u").get(random.nextInt(3));
    String claim =
        switch (random.nextInt(6)) {
          case 0 -> "BY_NAME s/event: " + names + marks + ", " + second.name();
          case 1 -> "BY_OFFSET s/event: " + (random.nextBoolean() ? names : "") + place + marks;
          case 2 -> "BY_OFFSET s/event: " + field.name() + place + "=";
          case 3 -> {
            List<String> used =
                fields.subList(0, 1 + random.nextInt(fields.size())).stream()
                    .map(Field::name)
                    .toList();
            boolean exact = used.size() == fields.size() && random.nextBoolean();
            yield "POSITIONAL s/event: " + String.join(", ", used) + (exact ? "." : "");
          }
          case 4 ->
              "BTF_STRUCT s/event trace_event_raw_event: "
                  + (field.placement() == Placement.DATA_LOC ? "__data_loc_" : "")
                  + field.name()
                  + marks;
          default ->
              switch (random.nextInt(4)) {
                case 0 -> "PRINT_TEXT s/event whole";
                case 1 -> "PRINT_TEXT s/event " + field.name() + "=";
                case 2 -> "PRINT_TEXT s/event /" + field.name() + "=(\\w+)/";
                default -> "PRINT_TEXT s/event /" + field.name() + "[=:]TWO/";
              };
        };
    return claim + (random.nextInt(6) == 0 ? " or BY_NAME s/event: " + second.name() : "");
  }

  private static Requirement against(Requirement requirement, Sha256 layout) {
    return new Requirement(
        requirement.anyOf().stream()
            .map(use ->
                new EventUse(
                    use.event(),
                    use.access(),
                    use.fields(),
                    use.exactCount(),
                    use.structName(),
                    use.text(),
                    use.parameters(),
                    use.kernel(),
                    layout))
            .toList(),
        requirement.optional());
  }

  private static List<String> shuffled(List<String> list, Random random) {
    List<String> shuffled = new ArrayList<>(list);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static String fields(FakeKernel kernel) {
    Layout layout = kernel.layouts.values().iterator().next();
    return String.join("\n", layout.fields().stream().map(LayoutFields::described).toList())
        + "\n"
        + layout.printFormat().text();
  }
}
