package dev.tracery.registry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.diff.TestLayouts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How requirements stand on one kernel, as `OUTCOME chosen REASON explanation` and a line for each
/// field.
class RequirementEvaluatorTest {

  private static final Layout LAYOUT =
      TestLayouts.printing(
          "\"comm=%s pid=%d prio=%#x state=%s\", REC->comm, REC->pid, REC->prio,"
              + " __print_symbolic(REC->state, { 0, \"RUNNING\" }, { 1, \"SLEEPING\" })",
          """
          char comm[16];8;16;1
          int pid;24;4;1
          u32 prio;28;4;0
          long state;32;8;1
          __data_loc char[] name;40;4;1
          u8 addr[6];44;6;0
          int pid;52;4;1
          """);

  private final RequirementEvaluator evaluator = new RequirementEvaluator();
  private final FakeKernel kernel =
      new FakeKernel("6.1.0")
          .with("sched/switch", LAYOUT)
          .withParameters("switch", "bool, struct task_struct *, struct task_struct *")
          .withStruct(
              "trace_event_raw_switch",
              """
              struct trace_entry ent;0;8
              char[16] comm;8;16
              int pid;24;4;1
              u32 __data_loc_name;40;4;0
              """);

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          BY_NAME sched/switch; ACCEPTED 0 EXACT
          BY_NAME sched/wakeup; REJECTED 0 MISSING there is no event sched/wakeup
          BY_NAME sched/switch: pid, common_pid; ACCEPTED 0 EXACT | pid EXACT | common_pid EXACT
          BY_NAME sched/switch: tid|pid; ACCEPTED 0 EXACT | pid EXACT
          BY_NAME sched/switch: pid#1; ACCEPTED 0 EXACT | pid EXACT
          BY_NAME sched/switch: pid#2; REJECTED 0 MISSING sched/switch has no field pid (number 3 of that name) | pid MISSING unusable
          BY_NAME sched/switch: page|pfn|folio; REJECTED 0 MISSING sched/switch has no field page, pfn or folio | page MISSING unusable
          BY_NAME sched/switch: pid, tgid?; DEGRADED 0 MISSING sched/switch has no field tgid | pid EXACT | tgid MISSING unusable
          BY_NAME sched/switch: tgid (optional); DEGRADED 0 MISSING sched/switch has no field tgid | tgid MISSING unusable
          BY_NAME sched/wakeup or BY_NAME sched/switch: pid; ACCEPTED 1 EXACT | pid EXACT
          BY_NAME sched/switch: pid@20:4s; ACCEPTED 0 MOVED offset 20, 4 bytes → int pid (offset 24, 4 bytes, signed) | pid MOVED
          BY_NAME sched/switch: pid@24:2s; ACCEPTED 0 WIDENED offset 24, 2 bytes → int pid (offset 24, 4 bytes, signed) | pid WIDENED
          BY_NAME sched/switch: pid@24:8s; ACCEPTED 0 NARROWED offset 24, 8 bytes → int pid (offset 24, 4 bytes, signed) | pid NARROWED
          BY_NAME sched/switch: pid@24:4u; REJECTED 0 SIGN_CHANGED unsigned → int pid (offset 24, 4 bytes, signed) | pid SIGN_CHANGED unusable
          BY_NAME sched/switch: comm@8:16u; ACCEPTED 0 EXACT | comm EXACT
          BY_NAME sched/switch: comm@8:20s; ACCEPTED 0 LENGTH_CHANGED offset 8, 20 bytes → char comm[16] (offset 8, 16 bytes) | comm LENGTH_CHANGED
          BY_OFFSET sched/switch: @24:4; ACCEPTED 0 EXACT | pid EXACT
          BY_OFFSET sched/switch: pid@24:4s; ACCEPTED 0 EXACT | pid EXACT
          BY_OFFSET sched/switch: common_pid@4:4s; ACCEPTED 0 EXACT | common_pid EXACT
          BY_OFFSET sched/switch: tid@24:4s; ACCEPTED 0 NAME_CHANGED tid → int pid (offset 24, 4 bytes, signed) | pid NAME_CHANGED
          BY_OFFSET sched/switch: tid@24:4s=; REJECTED 0 NAME_CHANGED tid → int pid (offset 24, 4 bytes, signed) | pid NAME_CHANGED unusable
          BY_OFFSET sched/switch: pid@20:4s; REJECTED 0 MOVED offset 20, 4 bytes, signed → int pid (offset 24, 4 bytes, signed) | pid MOVED unusable
          BY_OFFSET sched/switch: pid@24:8s; REJECTED 0 NARROWED offset 24, 8 bytes, signed → int pid (offset 24, 4 bytes, signed) | pid NARROWED unusable
          BY_OFFSET sched/switch: pid@24:4u; REJECTED 0 SIGN_CHANGED offset 24, 4 bytes, unsigned → int pid (offset 24, 4 bytes, signed) | pid SIGN_CHANGED unusable
          BY_OFFSET sched/switch: comm@8:20; REJECTED 0 LENGTH_CHANGED offset 8, 20 bytes → char comm[16] (offset 8, 16 bytes) | comm LENGTH_CHANGED unusable
          BY_OFFSET sched/switch: tid@25:4; REJECTED 0 MISSING offset 25, 4 bytes → no field is exactly these bytes | tid MISSING unusable
          POSITIONAL sched/switch: comm, pid; ACCEPTED 0 EXACT | comm EXACT | pid EXACT
          POSITIONAL sched/switch: comm, prio; REJECTED 0 ORDER_CHANGED field 2 → int pid | comm EXACT | prio ORDER_CHANGED unusable
          POSITIONAL sched/switch: comm, tid; REJECTED 0 MISSING sched/switch has no field tid | comm EXACT | tid MISSING unusable
          POSITIONAL sched/switch: comm, pid.; REJECTED 0 ORDER_CHANGED exactly 2 fields expected, but sched/switch has 7 fields | comm EXACT | pid EXACT
          BTF_STRUCT sched/switch trace_event_raw_switch: comm, pid; ACCEPTED 0 EXACT | comm EXACT | pid EXACT
          BTF_STRUCT sched/switch trace_event_raw_switch: name; REJECTED 0 STORAGE_CHANGED name → u32 __data_loc_name (offset 40, 4 bytes, unsigned) | name STORAGE_CHANGED unusable
          BTF_STRUCT sched/switch trace_event_raw_switch: tid; REJECTED 0 MISSING struct trace_event_raw_switch has no member tid | tid MISSING unusable
          BTF_STRUCT sched/switch trace_event_raw_other; REJECTED 0 MISSING there is no struct trace_event_raw_other
          PRINT_TEXT sched/switch /comm=(.*) pid=(\\d+)/; ACCEPTED 0 EXACT
          PRINT_TEXT sched/switch /state=SLEEPING/; ACCEPTED 0 EXACT
          PRINT_TEXT sched/switch /prio=\\d+ /; REJECTED 0 TEXT_CHANGED 'prio=\\d+ ' finds nothing in the text, which is like 'comm=bash pid=42 prio=0xa1 state=RUNNING'
          PRINT_TEXT sched/switch comm= prio=; ACCEPTED 0 EXACT
          PRINT_TEXT sched/switch omm=; REJECTED 0 TEXT_CHANGED the text has no 'omm='
          PRINT_TEXT sched/switch whole; ACCEPTED 0 EXACT
          RAW_ARGS sched/switch (bool, struct task_struct*); ACCEPTED 0 EXACT
          RAW_ARGS sched/switch (); ACCEPTED 0 EXACT
          RAW_ARGS sched/switch (struct task_struct *); REJECTED 0 PARAMETERS_CHANGED parameter 1: struct task_struct * → bool
          RAW_ARGS sched/switch (bool, struct task_struct *, struct task_struct *, int); REJECTED 0 PARAMETERS_CHANGED parameter 4: int → none
          PINNED_KERNEL 6.1.0; ACCEPTED 0 EXACT
          PINNED_KERNEL 0123456789abcdef; ACCEPTED 0 EXACT
          PINNED_KERNEL 5.10.0; REJECTED 0 OTHER_KERNEL built for 5.10.0, but this is 6.1.0 (#1 SMP)
          """)
  void a_requirement_on_a_kernel(String requirement, String expected) {
    assertEquals(expected, text(evaluator.evaluate(TestUses.requirement(requirement), kernel)));
  }

  @Test
  void without_btf_nothing_is_known_of_structs_and_parameters() {
    FakeKernel without = new FakeKernel("6.1.0").with("sched/switch", LAYOUT);
    assertEquals(
        "UNKNOWN 0 NO_BTF the kernel's BTF is not known",
        text(evaluator.evaluate(TestUses.requirement("RAW_ARGS sched/switch (int)"), without)));
    assertEquals(
        "UNKNOWN 0 NO_BTF the kernel's BTF is not known",
        text(
            evaluator.evaluate(
                TestUses.requirement("BTF_STRUCT sched/switch trace_event_raw_switch: pid"),
                without)));
    assertEquals(
        "REJECTED 0 MISSING there is no event sched/wakeup",
        text(evaluator.evaluate(TestUses.requirement("RAW_ARGS sched/wakeup (int)"), without)));
    assertEquals(
        "DEGRADED 0 NO_BTF the kernel's BTF is not known",
        text(
            evaluator.evaluate(
                TestUses.requirement("RAW_ARGS sched/switch (int) (optional)"), without)));
  }

  @Test
  void an_alternative_that_holds_goes_before_one_that_is_not_known() {
    FakeKernel without = new FakeKernel("6.1.0").with("sched/switch", LAYOUT);
    assertEquals(
        "ACCEPTED 1 EXACT | pid EXACT",
        text(
            evaluator.evaluate(
                TestUses.requirement("RAW_ARGS sched/switch (int) or BY_NAME sched/switch: pid"),
                without)));
    assertEquals(
        "UNKNOWN 1 NO_BTF the kernel's BTF is not known",
        text(
            evaluator.evaluate(
                TestUses.requirement("BY_NAME sched/switch: tid or RAW_ARGS sched/switch (int)"),
                without)));
  }

  @Test
  void an_event_whose_format_is_not_known_needs_it() {
    KernelView unread =
        new ForwardingView(kernel) {
          @Override
          public Optional<Layout> layout(EventName event) {
            return Optional.empty();
          }
        };
    assertEquals(
        "UNKNOWN 0 NEED_FORMAT the format of sched/switch is not known; its text is needed",
        text(evaluator.evaluate(TestUses.requirement("BY_NAME sched/switch: pid"), unread)));
    assertEquals(
        "ACCEPTED 0 EXACT",
        text(evaluator.evaluate(TestUses.requirement("BY_NAME sched/switch"), unread)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          BY_NAME sched/switch: pid; int pid,24,4,1; ACCEPTED 0 EXACT | pid EXACT
          BY_NAME sched/switch: pid; int pid,20,4,1; ACCEPTED 0 MOVED int pid (offset 20, 4 bytes, signed) → int pid (offset 24, 4 bytes, signed) | pid MOVED
          BY_NAME sched/switch: pid; long pid,24,8,1; ACCEPTED 0 NARROWED long pid (offset 24, 8 bytes, signed) → int pid (offset 24, 4 bytes, signed) | pid NARROWED
          BY_NAME sched/switch: pid; u32 pid,24,4,0; REJECTED 0 SIGN_CHANGED u32 pid (offset 24, 4 bytes, unsigned) → int pid (offset 24, 4 bytes, signed) | pid SIGN_CHANGED unusable
          BY_NAME sched/switch: pid; char pid[4],24,4,1; REJECTED 0 KIND_CHANGED char pid[4] (string) → int pid (integer) | pid KIND_CHANGED unusable
          BY_NAME sched/switch: addr; u8 addr[4],44,4,0; ACCEPTED 0 LENGTH_CHANGED u8 addr[4] (offset 44, 4 bytes) → u8 addr[6] (offset 44, 6 bytes) | addr LENGTH_CHANGED
          BY_NAME sched/switch: name; char name[16],40,16,1; ACCEPTED 0 STORAGE_CHANGED char name[16] (offset 40, 16 bytes) → __data_loc char[] name (offset 40, 4 bytes) | name STORAGE_CHANGED
          BY_NAME sched/switch: tid|pid; int tid,24,4,0; ACCEPTED 0 EXACT | pid EXACT
          BY_OFFSET sched/switch: @24:4; char pid[4],24,4,1; REJECTED 0 KIND_CHANGED char pid[4] (string) → int pid (integer) | pid KIND_CHANGED unusable
          BTF_STRUCT sched/switch trace_event_raw_switch: pid; u32 pid,24,4,0; REJECTED 0 SIGN_CHANGED u32 pid (offset 24, 4 bytes, unsigned) → int pid (offset 24, 4 bytes, signed) | pid SIGN_CHANGED unusable
          """)
  void against_the_layout_that_the_tool_was_written_for(
      String requirement, String field, String expected) {
    Layout written = TestLayouts.of(field.replace(',', ';'));
    assertEquals(expected, text(against(requirement, written)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          { 0, "RUNNING" }; ACCEPTED 0 EXACT | state EXACT
          { 0, "RUNNING" }, { 2, "SLEEPING" }; REJECTED 0 SYMBOLS_CHANGED 2=SLEEPING → 1=SLEEPING | state SYMBOLS_CHANGED unusable
          { 0, "RUNNING" }, { 4, "DEAD" }; REJECTED 0 SYMBOLS_CHANGED 4=DEAD → removed | state SYMBOLS_CHANGED unusable
          { 1, "SLEEPING" }, { 0, "RUNNING" }; ACCEPTED 0 EXACT | state EXACT
          """)
  void values_that_a_tool_could_know_must_keep_their_names(String symbols, String expected) {
    Layout written =
        TestLayouts.printing(
            "\"%s\", __print_symbolic(REC->state, " + symbols + ")", "long state;32;8;1");
    assertEquals(expected, text(against("BY_NAME sched/switch: state!", written)));
    assertEquals(
        "ACCEPTED 0 EXACT | state EXACT", text(against("BY_NAME sched/switch: state", written)));
  }

  @Test
  void a_reference_that_is_not_known_compares_with_nothing() {
    Requirement requirement =
        withReference(TestUses.requirement("BY_NAME sched/switch: pid"), Sha256.of(new byte[] {1}));
    assertEquals("ACCEPTED 0 EXACT | pid EXACT", text(evaluator.evaluate(requirement, kernel)));
  }

  @Test
  void patterns_are_bounded() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String regex :
              List.of("(a+)+b", "((a{100}){100}){100}", "(", "a{1001}", "(.*)*y9")) {
            assertEquals(
                "REJECTED",
                evaluator
                    .evaluate(
                        TestUses.requirement("PRINT_TEXT sched/switch /" + regex + "/"), kernel)
                    .outcome()
                    .name(),
                regex);
          }
        });
  }

  private RequirementFit against(String requirement, Layout written) {
    return evaluator.evaluate(
        withReference(TestUses.requirement(requirement), written.hash()), kernel.knowing(written));
  }

  private static Requirement withReference(Requirement requirement, Sha256 hash) {
    EventUse use = requirement.anyOf().getFirst();
    return new Requirement(
        List.of(
            new EventUse(
                use.event(),
                use.access(),
                use.fields(),
                use.exactCount(),
                use.structName(),
                use.text(),
                use.parameters(),
                use.kernel(),
                hash)),
        requirement.optional());
  }

  static String text(RequirementFit fit) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (fit.outcome() + " " + fit.chosen() + " " + fit.reason() + " " + fit.explanation())
            .strip());
    for (FieldFit field : fit.fields()) {
      lines.add(field.name() + " " + field.reason() + (field.usable() ? "" : " unusable"));
    }
    return String.join(" | ", lines);
  }
}
