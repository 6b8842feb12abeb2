package dev.tracery.registry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Unmet;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.TestLayouts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/// Replays the ABI policy, sentence by sentence.
class PolicySentencesTest {

  private static final String E = "sched/event";

  // -- what all of them use ---------------------------------------------------------------------

  private static FakeKernel fields(String fields) {
    return kernel(TestLayouts.of(fields));
  }

  private static FakeKernel printing(String print, String fields) {
    return kernel(TestLayouts.printing(print, fields));
  }

  private static FakeKernel withCommon(String common, String fields) {
    return kernel(TestLayouts.withCommon(common, fields));
  }

  private static FakeKernel kernel(Layout layout) {
    return new FakeKernel("6.1.0").with(E, layout).withStructOf("trace_event_raw_event", layout);
  }

  private static Report judge(FakeKernel before, FakeKernel after, String... requirements) {
    return TestKernels.judge(before, after, List.of(TestKernels.claim("tool", requirements)));
  }

  private static Report stable(FakeKernel before, FakeKernel after) {
    return TestKernels.judge(before, after, List.of(), _ -> Stability.STABLE, List.of());
  }

  /// Each finding as `VERDICT consumer access event KIND field`.
  private static List<String> found(Report report) {
    return report.findings().stream().map(PolicySentencesTest::line).toList();
  }

  private static String line(Finding finding) {
    return finding.verdict()
        + " "
        + (finding.consumer() == null ? "-" : finding.consumer().name())
        + " "
        + (finding.access() == null ? "-" : finding.access())
        + " "
        + finding.event()
        + " "
        + finding.change().kind()
        + (finding.change().field().isEmpty() ? "" : " " + finding.change().field());
  }

  private static void breaks(Report report, ChangeKind kind) {
    assertEquals(Verdict.BREAK, report.verdict(), report.findings().toString());
    assertTrue(
        report.findings().stream()
            .anyMatch(
                finding -> finding.verdict() == Verdict.BREAK && finding.change().kind() == kind),
        found(report).toString());
  }

  private static void harmless(Report report) {
    assertEquals(List.of(), found(report));
    assertTrue(report.verdict().compareTo(Verdict.UNUSED) <= 0);
    assertEquals(List.of(), report.unmet());
  }

  @Nested
  @DisplayName("The principle")
  class Principle {

    @Test
    @DisplayName(
        "An interface can change. It cannot change while a user-space application depends on what changes.")
    void an_interface_can_change() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1");
      FakeKernel after = fields("int b;12;4;1");
      breaks(judge(before, after, "BY_NAME sched/event: a"), ChangeKind.FIELD_REMOVED);
      harmless(judge(before, after, "BY_NAME sched/event: b"));
    }

    @Test
    @DisplayName("What no consumer depends on may change freely; what one depends on is locked.")
    void what_nobody_depends_on() {
      FakeKernel before =
          fields("int a;8;4;1\nchar s[8];12;8;1").with("irq/gone", TestLayouts.of("int a;8;4;1"));
      FakeKernel after = fields("u64 b;8;8;0");
      Report nobody = TestKernels.judge(before, after, List.of());
      assertEquals(List.of(), found(nobody));
      assertEquals(Verdict.UNUSED, nobody.verdict());
    }
  }

  @Nested
  @DisplayName("Who depends, and how")
  class AccessClasses {

    @Test
    @DisplayName(
        "BY_NAME locks the event, each field it requires, the field's kind, the sign of integers, the meaning of the values it says it interprets")
    void by_name_locks() {
      String claim = "BY_NAME sched/event: a!";
      FakeKernel before = printing("\"%s\", __print_symbolic(REC->a, { 1, \"A\" })", "int a;8;4;1");
      breaks(judge(before, new FakeKernel("6.2"), claim), ChangeKind.EVENT_REMOVED);
      breaks(judge(before, fields("int b;8;4;1"), claim), ChangeKind.FIELD_REMOVED);
      breaks(judge(before, fields("char a[4];8;4;1"), claim), ChangeKind.FIELD_KIND);
      breaks(judge(before, fields("u32 a;8;4;0"), claim), ChangeKind.FIELD_SIGNEDNESS);
      breaks(
          judge(
              before,
              printing("\"%s\", __print_symbolic(REC->a, { 2, \"A\" })", "int a;8;4;1"),
              claim),
          ChangeKind.FIELD_SYMBOLS);
    }

    @Test
    @DisplayName(
        "Under BY_NAME may change: offset, size, order, event id, print text, storage of a string, every field it does not use")
    void by_name_allows() {
      FakeKernel before =
          printing("\"a=%d\", REC->a", "int a;8;4;1\nchar s[16];12;16;1\nint other;28;4;1")
              .withId(E, 1);
      FakeKernel after =
          printing("\"%d\", REC->a", "__data_loc char[] s;8;4;1\nlong a;16;8;1").withId(E, 2);
      Report report = judge(before, after, "BY_NAME sched/event: a, s");
      harmless(report);
      assertEquals(
          List.of(
              "FIELD_REMOVED UNUSED",
              "EVENT_ID COMPATIBLE",
              "FIELD_MOVED COMPATIBLE",
              "FIELD_WIDENED COMPATIBLE",
              "FIELD_STORAGE COMPATIBLE",
              "FIELD_ORDER COMPATIBLE",
              "PRINT_FORMAT COMPATIBLE",
              "RECORD_SIZE COMPATIBLE"),
          report.harmless().stream().map(c -> c.kind() + " " + c.verdict()).toList());
    }

    @Test
    @DisplayName("BY_OFFSET locks offset, size and sign of each field it uses.")
    void by_offset_locks() {
      String claim = "BY_OFFSET sched/event: a@8:4s";
      FakeKernel before = fields("int a;8;4;1\nint z;32;4;1");
      breaks(judge(before, fields("int a;12;4;1\nint z;32;4;1"), claim), ChangeKind.FIELD_MOVED);
      breaks(judge(before, fields("long a;8;8;1\nint z;32;4;1"), claim), ChangeKind.FIELD_WIDENED);
      breaks(
          judge(before, fields("short a;8;2;1\nint z;32;4;1"), claim), ChangeKind.FIELD_NARROWED);
      breaks(
          judge(before, fields("u32 a;8;4;0\nint z;32;4;1"), claim), ChangeKind.FIELD_SIGNEDNESS);
      harmless(judge(before, fields("int a;8;4;1\nlong y;40;8;1"), claim));
    }

    @Test
    @DisplayName(
        "old latencytop and powertop: what once forced 4 bytes of padding into every event")
    void the_padding() {
      String claim = "BY_OFFSET sched/event: comm@12:16, pid@28:4";
      FakeKernel before =
          withCommon("int common_lock_depth;8;4;1", "char comm[16];12;16;1\nint pid;28;4;1");
      FakeKernel after = fields("char comm[16];8;16;1\nint pid;24;4;1");
      assertEquals(
          List.of(
              "BREAK tool BY_OFFSET sched/event FIELD_MOVED comm",
              "BREAK tool BY_OFFSET sched/event FIELD_MOVED pid"),
          found(judge(before, after, claim, "BY_NAME sched/event: pid")));
      FakeKernel padded =
          withCommon("int common_padding;8;4;1", "char comm[16];12;16;1\nint pid;28;4;1");
      harmless(judge(before, padded, claim));
    }

    @Test
    @DisplayName(
        "Bytes, not names: the same bytes under another name still hold, unless the claim says that the name matters")
    void bytes_not_names() {
      FakeKernel before = fields("u64 page;8;8;0");
      FakeKernel after = fields("u64 pfn;8;8;0");
      Report bytes = judge(before, after, "BY_OFFSET sched/event: page@8:8u");
      assertEquals(
          List.of("COMPATIBLE tool BY_OFFSET sched/event FIELD_RENAMED page"), found(bytes));
      assertTrue(bytes.verdict().compareTo(Verdict.WAIVED) < 0);
      breaks(judge(before, after, "BY_OFFSET sched/event: page@8:8u="), ChangeKind.FIELD_REMOVED);
    }

    @Test
    @DisplayName(
        "POSITIONAL locks the order and number of the fields up to the last it uses, or the exact number if it says so")
    void positional_locks() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1\nint c;16;4;1");
      FakeKernel swapped = fields("int b;8;4;1\nint a;12;4;1\nint c;16;4;1");
      FakeKernel inserted = fields("int a;8;4;1\nint n;12;4;1\nint b;16;4;1\nint c;20;4;1");
      FakeKernel appended = fields("int a;8;4;1\nint b;12;4;1\nint c;16;4;1\nint n;20;4;1");
      FakeKernel moved = fields("long a;16;8;1\nint b;24;4;1\nint c;40;4;1");
      String claim = "POSITIONAL sched/event: a, b";
      breaks(judge(before, swapped, claim), ChangeKind.FIELD_ORDER);
      breaks(judge(before, inserted, claim), ChangeKind.FIELD_ADDED);
      harmless(judge(before, appended, claim));
      harmless(judge(before, moved, claim));
      breaks(judge(before, appended, "POSITIONAL sched/event: a, b, c."), ChangeKind.FIELD_ADDED);
    }

    @Test
    @DisplayName("BTF_STRUCT: as BY_NAME, and the name of the struct, which no format file shows")
    void the_name_of_the_struct() {
      Layout layout = TestLayouts.of("int a;8;4;1");
      FakeKernel before = kernel(layout).withParameters("event", "int");
      FakeKernel after =
          new FakeKernel("6.2")
              .with(E, layout)
              .withParameters("event", "int")
              .withStructOf("trace_event_raw_event_class", layout);
      breaks(
          judge(before, after, "BTF_STRUCT sched/event trace_event_raw_event: a"),
          ChangeKind.STRUCT);
      harmless(judge(before, after, "BY_NAME sched/event: a"));
      breaks(
          judge(before, fields("u32 a;8;4;0"), "BTF_STRUCT sched/event trace_event_raw_event: a"),
          ChangeKind.FIELD_SIGNEDNESS);
    }

    @Test
    @DisplayName("no format file shows the struct: without the candidate's BTF nothing is said")
    void without_btf_a_struct_is_not_known() {
      Layout layout = TestLayouts.of("int a;8;4;1");
      FakeKernel before = kernel(layout);
      FakeKernel after = new FakeKernel("6.2").with(E, layout);
      Report report = judge(before, after, "BTF_STRUCT sched/event trace_event_raw_event: a");
      harmless(report);
      assertEquals(
          List.of("the kernel's BTF is not known"),
          report.unknown().stream().map(Unmet::reason).toList());
      breaks(
          judge(before, new FakeKernel("6.2"), "BTF_STRUCT sched/event trace_event_raw_event: a"),
          ChangeKind.EVENT_REMOVED);
    }

    @Test
    @DisplayName("storage too: a char[16] that becomes __data_loc is another member")
    void storage_is_another_member() {
      FakeKernel before = fields("char comm[16];8;16;1");
      FakeKernel after = fields("__data_loc char[] comm;8;4;1");
      breaks(
          judge(before, after, "BTF_STRUCT sched/event trace_event_raw_event: comm"),
          ChangeKind.FIELD_STORAGE);
      harmless(judge(before, after, "BY_NAME sched/event: comm"));
      breaks(judge(before, after, "BY_OFFSET sched/event: comm@8:16"), ChangeKind.FIELD_STORAGE);
    }

    @Test
    @DisplayName(
        "PRINT_TEXT locks what its pattern matches: it declares a pattern, or the keys it reads (prev_state=), or the whole text")
    void print_text_locks() {
      FakeKernel before =
          printing(
              "\"comm=%s prev_state=%d\", REC->comm, REC->a", "char comm[16];8;16;1\nint a;24;4;1");
      FakeKernel renamed =
          printing("\"comm=%s state=%d\", REC->comm, REC->a", "char comm[16];8;16;1\nint a;24;4;1");
      FakeKernel hexadecimal =
          printing(
              "\"comm=%s prev_state=%x\", REC->comm, REC->a", "char comm[16];8;16;1\nint a;24;4;1");
      String pattern = "PRINT_TEXT sched/event /prev_state=(\\d+)/";
      String keys = "PRINT_TEXT sched/event prev_state=";
      breaks(judge(before, renamed, pattern), ChangeKind.PRINT_FORMAT);
      breaks(judge(before, renamed, keys), ChangeKind.PRINT_FORMAT);
      breaks(judge(before, renamed, "PRINT_TEXT sched/event whole"), ChangeKind.PRINT_FORMAT);
      breaks(judge(before, hexadecimal, pattern), ChangeKind.PRINT_FORMAT);
      breaks(judge(before, hexadecimal, keys), ChangeKind.PRINT_FORMAT);
    }

    @Test
    @DisplayName("Under PRINT_TEXT may change: text outside its pattern; layout; %lu for %llu")
    void print_text_allows() {
      FakeKernel before =
          printing("\"comm=%s prio=%lu\", REC->comm, REC->a", "char comm[16];8;16;1\nu64 a;24;8;0");
      FakeKernel after =
          printing(
              "\"cpu=%d comm=%s prio=%llu\", REC->cpu, REC->comm, (REC->a)",
              "int cpu;8;4;1\nchar comm[32];12;32;1\nu64 a;48;8;0");
      harmless(judge(before, after, "PRINT_TEXT sched/event /prio=(\\d+)/"));
      harmless(judge(before, after, "PRINT_TEXT sched/event comm= prio="));
      breaks(judge(before, after, "PRINT_TEXT sched/event whole"), ChangeKind.PRINT_FORMAT);
      FakeKernel spelled =
          printing(
              "\"comm=%s prio=%llu\", REC->comm, (REC->a)", "char comm[32];8;32;1\nu64 a;40;8;0");
      harmless(judge(before, spelled, "PRINT_TEXT sched/event whole"));
    }

    @Test
    @DisplayName(
        "RAW_ARGS locks nothing: parameters are internal and may change at will. Appended ones do no harm, inserted ones do.")
    void raw_args_lock_nothing() {
      FakeKernel before =
          fields("int a;8;4;1").withParameters("event", "bool, struct task_struct *");
      FakeKernel appended =
          fields("int a;8;4;1").withParameters("event", "bool, struct task_struct *, int");
      FakeKernel inserted =
          fields("int a;8;4;1").withParameters("event", "int, bool, struct task_struct *");
      String claim = "RAW_ARGS sched/event (bool, struct task_struct *)";
      harmless(judge(before, appended, claim));
      Report report = judge(before, inserted, claim);
      assertEquals(List.of("COMPATIBLE tool RAW_ARGS sched/event PARAMETERS"), found(report));
      assertEquals(Verdict.COMPATIBLE, report.verdict());
      FakeKernel raw = new FakeKernel("6.1").withParameters("event", "bool");
      FakeKernel rawAfter = new FakeKernel("6.2").withParameters("event", "int, bool");
      assertEquals(
          "(bool) -> (int, bool)",
          judge(raw, rawAfter, "RAW_ARGS sched/event (bool)").findings().stream()
              .map(f -> f.change().from() + " -> " + f.change().to())
              .collect(Collectors.joining()));
      assertEquals(
          "Parameters are internal: they may change at will, and the tool is told before it loads."
              + " parameter 1: bool → int. tool will be refused here.",
          report.findings().getFirst().explanation());
      assertEquals(
          "REJECTED 0 PARAMETERS_CHANGED parameter 1: bool → int",
          RequirementEvaluatorTest.text(
              new RequirementEvaluator().evaluate(TestUses.requirement(claim), inserted)));
    }

    @Test
    @DisplayName(
        "PINNED_KERNEL locks nothing: everything may change; on any other kernel it is refused at start, with the reason")
    void pinned_kernels() {
      FakeKernel before = fields("int a;8;4;1");
      FakeKernel after = new FakeKernel("6.2.0").with("irq/other", TestLayouts.of("int a;8;4;1"));
      Report report = judge(before, after, "PINNED_KERNEL 6.1.0");
      assertEquals(List.of(), found(report));
      assertEquals(
          "built for 6.1.0, but this is 6.2.0 (#1 SMP)", report.unmet().getFirst().reason());
    }

    @Test
    @DisplayName("one tool can have several, with two verdicts on one change")
    void two_verdicts_on_one_change() {
      Report report =
          judge(
              fields("int a;8;4;1\nint z;16;4;1"),
              fields("int a;12;4;1\nint z;16;4;1"),
              "BY_NAME sched/event: a",
              "BY_OFFSET sched/event: a@8:4");
      assertEquals(List.of("BREAK tool BY_OFFSET sched/event FIELD_MOVED a"), found(report));
    }

    @Test
    @DisplayName("A requirement can be optional, can be for the event's existence only")
    void optional_and_existence_only() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1");
      FakeKernel after = fields("int a;8;4;1");
      Report optional = judge(before, after, "BY_NAME sched/event: a, b?");
      assertEquals(List.of("COMPATIBLE tool BY_NAME sched/event FIELD_REMOVED b"), found(optional));
      assertEquals(Verdict.COMPATIBLE, optional.verdict());
      assertTrue(optional.findings().getFirst().explanation().endsWith("tool runs without it."));
      assertEquals(
          List.of("COMPATIBLE tool BY_NAME sched/event FIELD_REMOVED b"),
          found(judge(before, after, "BY_NAME sched/event: b (optional)")));
      harmless(judge(before, after, "BY_NAME sched/event"));
      breaks(judge(before, new FakeKernel("6.2"), "BY_NAME sched/event"), ChangeKind.EVENT_REMOVED);
    }

    @Test
    @DisplayName(
        "can have alternatives (power/cpu_idle or power/power_start; page or pfn or folio): it holds while one of them does")
    void alternatives() {
      Layout idle = TestLayouts.of("u32 state;8;4;0\nu32 cpu_id;12;4;0");
      Layout start = TestLayouts.of("u64 type;8;8;0\nu64 state;16;8;0\nu64 cpu_id;24;8;0");
      FakeKernel old = new FakeKernel("2.6.36").with("power/power_start", start);
      FakeKernel both =
          new FakeKernel("2.6.38").with("power/power_start", start).with("power/cpu_idle", idle);
      FakeKernel real = RealKernel.read(RealKernel.AMD64_6_1);
      FakeKernel none = new FakeKernel("7.0");
      String claim = "BY_NAME power/cpu_idle: cpu_id or BY_NAME power/power_start: cpu_id";
      harmless(judge(old, both, claim));
      harmless(judge(both, real, claim));
      breaks(judge(both, none, claim), ChangeKind.EVENT_REMOVED);

      String page = "BY_NAME sched/event: page|pfn|folio";
      harmless(judge(fields("u64 page;8;8;0"), fields("u64 pfn;8;8;0"), page));
      harmless(judge(fields("u64 pfn;8;8;0"), fields("u64 folio;8;8;0"), page));
      breaks(judge(fields("u64 pfn;8;8;0"), fields("u64 x;8;8;0"), page), ChangeKind.FIELD_REMOVED);
    }
  }

  @Nested
  @DisplayName("What is stable without any consumer")
  class Stable {

    @Test
    @DisplayName(
        "common_type, common_flags, common_preempt_count, common_pid: in every event, always")
    void four_common_fields() {
      FakeKernel before = fields("int a;8;4;1");
      for (String name :
          List.of("common_type", "common_flags", "common_preempt_count", "common_pid")) {
        String common =
            TestLayouts.COMMON
                .lines()
                .filter(line -> !line.contains(name + ";"))
                .collect(Collectors.joining("\n"));
        if (name.equals("common_type")) {
          common = "u8 common_other;0;1;0\n" + common;
          // Why: without it a format is none, so no kernel can be registered that lacks it.
          continue;
        }
        FakeKernel after = kernel(TestLayouts.of(Target.LITTLE_64, common, "int a;8;4;1", "\"x\""));
        assertEquals(
            List.of("BREAK - - ftrace/print COMMON_FIELD_REMOVED " + name),
            found(TestKernels.judge(before, after, List.of())));
      }
    }

    @Test
    @DisplayName(
        "Other common_* fields may come and go, and shift every field behind them: one change of the header is a change of every event at once")
    void other_common_fields() {
      FakeKernel before =
          withCommon("int common_lock_depth;8;4;1", "int a;12;4;1")
              .with("irq/x", TestLayouts.withCommon("int common_lock_depth;8;4;1", "int b;12;4;1"));
      FakeKernel after = fields("int a;8;4;1").with("irq/x", TestLayouts.of("int b;8;4;1"));
      Report report = TestKernels.judge(before, after, List.of());
      assertEquals(Verdict.UNUSED, report.verdict());
      assertEquals(
          List.of(
              "COMMON_FIELD_REMOVED UNUSED 1",
              "FIELD_MOVED COMPATIBLE 2",
              "RECORD_SIZE COMPATIBLE 2"),
          report.harmless().stream()
              .map(c -> c.kind() + " " + c.verdict() + " " + c.count())
              .toList());
      breaks(judge(before, after, "BY_OFFSET irq/x: b@12:4"), ChangeKind.FIELD_MOVED);
      breaks(
          judge(before, after, "BY_NAME irq/x: common_lock_depth"),
          ChangeKind.COMMON_FIELD_REMOVED);
    }

    @Test
    @DisplayName(
        "syscalls/sys_enter_*, syscalls/sys_exit_*, raw_syscalls/*: a removed event, a removed or reordered argument, a changed kind breaks, consumers or not")
    void system_calls() {
      Layout openat =
          RealKernel.read(RealKernel.AMD64_6_1)
              .layout(EventName.parse("syscalls/sys_enter_openat"))
              .orElseThrow();
      FakeKernel before = kernel(openat);
      String nr = "int __syscall_nr;8;4;1\n";
      breaks(stable(before, new FakeKernel("6.2")), ChangeKind.EVENT_REMOVED);
      breaks(
          stable(
              before,
              fields(nr + "int dfd;16;8;0\nconst char * filename;24;8;0\nint flags;32;8;0")),
          ChangeKind.FIELD_REMOVED);
      breaks(
          stable(
              before,
              fields(
                  nr
                      + "const char * filename;16;8;0\nint dfd;24;8;0\nint flags;32;8;0\n"
                      + "umode_t mode;40;8;0")),
          ChangeKind.FIELD_ORDER);
      breaks(
          stable(
              before,
              fields(
                  nr
                      + "int dfd;16;8;0\nchar filename[8];24;8;0\nint flags;32;8;0\n"
                      + "umode_t mode;40;8;0")),
          ChangeKind.FIELD_KIND);
    }

    @Test
    @DisplayName(
        "Additions and new text do not; the bookkeeping field before the arguments (nr, __syscall_nr) is not an argument")
    void additions_and_bookkeeping() {
      FakeKernel before =
          new FakeKernel("4.7")
              .with("syscalls/sys_enter_x", TestLayouts.of("int nr;8;4;1\nint fd;16;8;0"));
      FakeKernel after =
          new FakeKernel("4.8")
              .with(
                  "syscalls/sys_enter_x",
                  TestLayouts.printing(
                      "\"fd: 0x%08lx\", ((unsigned long)(REC->fd))",
                      "int __syscall_nr;8;4;1\nint fd;16;8;0\nint more;24;8;0"));
      assertEquals(List.of(), found(stable(before, after)));
      assertEquals(
          List.of(),
          found(stable(after, before)).stream().filter(l -> !l.endsWith("more")).toList());
      FakeKernel without =
          new FakeKernel("4.9").with("syscalls/sys_enter_x", TestLayouts.of("int fd;16;8;0"));
      assertEquals(List.of(), found(stable(before, without)));
    }

    @Test
    @DisplayName(
        "kprobe, uprobe, eprobe, synthetic, fprobe events: made by the user at run time: no policy")
    void dynamic_events() {
      FakeKernel before = new FakeKernel("6.1").with("kprobes/p", TestLayouts.of("int a;8;4;1"));
      Report report =
          TestKernels.judge(
              before,
              new FakeKernel("6.2"),
              List.of(TestKernels.claim("tool", "BY_NAME kprobes/p: a")),
              _ -> Stability.DYNAMIC,
              List.of());
      assertEquals(List.of(), found(report));
      assertEquals(Verdict.COMPATIBLE, report.verdict());
    }

    @Test
    @DisplayName(
        "everything else (sched, irq, block, ext4, ftrace/* …): internal: locked by consumers only")
    void internal_events() {
      FakeKernel before = fields("int a;8;4;1");
      Report report = TestKernels.judge(before, new FakeKernel("6.2"), List.of());
      assertEquals(List.of(), found(report));
      assertEquals(Verdict.UNUSED, report.verdict());
    }

    @Test
    @DisplayName("An operator can set the class of a system or event (STABLE, INTERNAL, DYNAMIC).")
    void the_operator_sets_the_class() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1");
      FakeKernel after = fields("int b;12;4;1");
      Function<EventName, Stability> operators =
          event -> event.system().equals("sched") ? Stability.STABLE : Stability.INTERNAL;
      assertEquals(
          List.of("BREAK - - sched/event FIELD_REMOVED a"),
          found(TestKernels.judge(before, after, List.of(), operators, List.of())));
    }
  }

  @Nested
  @DisplayName("When the question is asked")
  class Series {

    @Test
    @DisplayName("a break, naming consumer, event, field, access and change")
    void a_break_names_them() {
      Finding finding =
          judge(
                  fields("int a;8;4;1\nint z;16;4;1"),
                  fields("int z;16;4;1"),
                  "BY_NAME sched/event: a")
              .findings()
              .getFirst();
      assertEquals("BREAK tool BY_NAME sched/event FIELD_REMOVED a", line(finding));
      assertEquals("int a", finding.change().from());
      assertEquals(
          "tool finds a by its name, which sched/event no longer has.", finding.explanation());
      assertEquals(
          "Keep a beside what replaces it until tool no longer needs it.", finding.remedy());
    }

    @Test
    @DisplayName("one that did not hold before either: not satisfied, not this kernel's doing")
    void not_satisfied() {
      Report report =
          judge(fields("int a;8;4;1"), fields("long a;8;8;1"), "BY_NAME sched/event: missing");
      assertEquals(List.of(), found(report));
      assertEquals(Verdict.COMPATIBLE, report.verdict());
      assertEquals("sched/event has no field missing", report.unmet().getFirst().reason());
    }

    @Test
    @DisplayName(
        "every other change is listed with its kind: compatible, or compatible, unused where something nobody uses was removed")
    void every_other_change() {
      Report report =
          judge(
              fields("int a;8;4;1\nint gone;12;4;1"),
              fields("long a;8;8;1\nint more;16;4;1"),
              "BY_NAME sched/event: a");
      assertEquals(
          List.of(
              "FIELD_REMOVED UNUSED [sched/event]",
              "FIELD_ADDED COMPATIBLE [sched/event]",
              "FIELD_WIDENED COMPATIBLE [sched/event]",
              "RECORD_SIZE COMPATIBLE [sched/event]"),
          report.harmless().stream()
              .map(c -> c.kind() + " " + c.verdict() + " " + c.examples())
              .toList());
    }

    @Test
    @DisplayName("The verdict of the whole is the worst of its parts.")
    void the_worst_of_its_parts() {
      FakeKernel before = fields("u8 addr[4];8;4;0\nint a;36;4;1");
      FakeKernel after = fields("u8 addr[28];8;28;0\nu32 a;36;4;0");
      assertEquals(Verdict.REVIEW, judge(before, after, "BY_NAME sched/event: addr").verdict());
      assertEquals(Verdict.BREAK, judge(before, after, "BY_NAME sched/event: addr, a").verdict());
    }

    @Test
    @DisplayName("A break can be waived by name and with a reason")
    void waived() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1");
      FakeKernel after = fields("int b;12;4;1");
      List<Claim> claims = List.of(TestKernels.claim("tool", "BY_NAME sched/event: a"));
      Report report =
          TestKernels.judge(
              before, after, claims, _ -> Stability.INTERNAL, List.of(waiver("", "tool", "a")));
      assertEquals(List.of("WAIVED tool BY_NAME sched/event FIELD_REMOVED a"), found(report));
      assertEquals("w1", report.findings().getFirst().waiver());
      assertEquals(Verdict.WAIVED, report.verdict());
      for (Waiver other :
          List.of(waiver("other", "", ""), waiver("", "other", ""), waiver("", "", "b"))) {
        assertEquals(
            Verdict.BREAK,
            TestKernels.judge(before, after, claims, _ -> Stability.INTERNAL, List.of(other))
                .verdict());
      }
    }

    private Waiver waiver(String series, String consumer, String field) {
      return new Waiver(
          "w1",
          "known",
          "",
          series,
          "",
          consumer,
          EventName.parse(E),
          field,
          null,
          Instant.EPOCH,
          1);
    }

    @Test
    @DisplayName(
        "A change back (a revert) is a change like any other: it breaks whoever bound to what was there in between.")
    void a_revert() {
      FakeKernel first = fields("int old;8;4;1");
      FakeKernel between = fields("u64 young;8;8;0");
      breaks(judge(first, between, "BY_NAME sched/event: old"), ChangeKind.FIELD_REMOVED);
      Report revert =
          TestKernels.judge(
              between,
              first,
              List.of(
                  TestKernels.claim("early", "BY_NAME sched/event: old"),
                  TestKernels.claim("late", "BY_NAME sched/event: young")));
      assertEquals(List.of("BREAK late BY_NAME sched/event FIELD_REMOVED young"), found(revert));
    }

    @Test
    @DisplayName("per vendor, because vendors add fields")
    void vendors_add_fields() {
      FakeKernel vendor = fields("int a;8;4;1\nint vendor_hint;12;4;1");
      FakeKernel vendors = fields("long a;8;8;1\nint vendor_hint;16;4;1");
      FakeKernel mainline = fields("long a;8;8;1");
      String claim = "BY_NAME sched/event: a, vendor_hint";
      harmless(judge(vendor, vendors, claim));
      breaks(judge(vendor, mainline, claim), ChangeKind.FIELD_REMOVED);
    }

    @Test
    @DisplayName(
        "The same edit can be a break in one year and compatible in the next: only the set of live consumers differs.")
    void claims_end() {
      FakeKernel before = fields("int a;8;4;1\nint b;12;4;1");
      FakeKernel after = fields("int b;12;4;1");
      Claim live = TestKernels.claim("tool", "2.0", Origin.OBSERVED, "BY_NAME sched/event: a");
      breaks(TestKernels.judge(before, after, List.of(live)), ChangeKind.FIELD_REMOVED);
      harmless(TestKernels.judge(before, after, List.of()));
    }

    @Test
    @DisplayName(
        "Declared (by the tool's maintainer) or observed (the tool negotiated at start): one tool is told once")
    void one_tool_is_told_once() {
      String requirement = "BY_NAME sched/event: a";
      Report report =
          TestKernels.judge(
              fields("int a;8;4;1\nint b;12;4;1"),
              fields("int b;12;4;1"),
              List.of(
                  TestKernels.claim(
                      "tool", "1.9", Origin.OBSERVED, requirement, "BY_NAME sched/event"),
                  TestKernels.claim("tool", "2.0", Origin.DECLARED, requirement),
                  TestKernels.claim("other", "1.0", Origin.OBSERVED, requirement)));
      assertEquals(
          List.of(
              "BREAK other BY_NAME sched/event FIELD_REMOVED a",
              "BREAK tool BY_NAME sched/event FIELD_REMOVED a"),
          found(report));
      Finding tool = report.findings().get(1);
      assertEquals(Origin.DECLARED, Objects.requireNonNull(tool.consumer()).origin());
      assertTrue(tool.explanation().endsWith("So does version 1.9."), tool.explanation());
      assertEquals(4, report.requirementsJudged());
    }
  }

  @Nested
  @DisplayName("What a table of field names alone gets wrong")
  class Cases {

    @Test
    @DisplayName(
        "Linux 6.2 made char unsigned on x86, so that 227 of 312 events that differ between Debian 6.1 and 6.12 differ in nothing else")
    void signs_of_strings() {
      FakeKernel before = RealKernel.read(RealKernel.AMD64_6_1);
      FakeKernel after = RealKernel.read(RealKernel.AMD64_6_12);
      KernelChanges changes = TestKernels.diff(before, after);
      int differing = 0;
      for (EventName event : before.layouts.keySet()) {
        Layout now = after.layouts.get(event);
        differing += now != null && !now.hash().equals(before.layouts.get(event).hash()) ? 1 : 0;
      }
      long changed = changes.events().stream().filter(e -> !e.isAdded() && !e.isRemoved()).count();
      // The policy counted what is built into other point releases; these samples have the modules.
      assertEquals(List.of(1977L, 1156L), List.of((long) differing, differing - changed));
      harmless(
          judge(
              before,
              after,
              "BY_NAME sched/sched_switch: prev_comm, next_comm",
              "BY_OFFSET sched/sched_switch: prev_comm@8:16s",
              "BY_NAME sched/sched_switch: prev_state!"));
    }

    @Test
    @DisplayName(
        "sign means something on integers, a scalar char among them; on strings and byte arrays nothing")
    void a_scalar_char() {
      breaks(
          judge(fields("char a;8;1;1"), fields("char a;8;1;0"), "BY_NAME sched/event: a"),
          ChangeKind.FIELD_SIGNEDNESS);
      harmless(
          judge(fields("u8 a[6];8;6;1"), fields("u8 a[6];8;6;0"), "BY_OFFSET sched/event: a@8:6s"));
    }

    @Test
    @DisplayName(
        "the columns are the truth, the declaration is a name; an unknown sign is not a change of sign")
    void columns_are_the_truth() {
      harmless(
          judge(
              fields("int op;8;8;0\nnid_t nid[3];16;4;1\nchar comm[TASK_COMM_LEN];20;16;1"),
              fields("u64 op;8;8;0\nnid_t nid[1];16;4;1\nchar comm[16];20;16;1"),
              "BY_OFFSET sched/event: op@8:8u, nid@16:4, comm@20:16",
              "BY_NAME sched/event: op, comm"));
      FakeKernel unknown = fields("int a;8;4");
      FakeKernel known = fields("int a;8;4;0");
      harmless(judge(unknown, known, "BY_NAME sched/event: a", "BY_OFFSET sched/event: a@8:4"));
      assertEquals(List.of(), found(judge(unknown, known, "BY_OFFSET sched/event: a@8:4s")));
      harmless(
          judge(
              fields("void __seg_gs * ptr;8;8;0\nchar x[30+1];16;31;0"),
              fields("void * ptr;8;8;0\nchar x[31];16;31;0"),
              "BY_NAME sched/event: ptr, x"));
    }

    @Test
    @DisplayName("two fields of one name in one event: real: identity is (name, occurrence)")
    void two_fields_of_one_name() {
      FakeKernel before = fields("int a;8;4;1\nint a;12;4;1");
      FakeKernel after = fields("int a;8;4;1\nu32 a;12;4;0");
      harmless(judge(before, after, "BY_NAME sched/event: a"));
      breaks(judge(before, after, "BY_NAME sched/event: a#1"), ChangeKind.FIELD_SIGNEDNESS);
    }

    @Test
    @DisplayName(
        "a new field in the middle: an addition, and a move of those behind it: which BY_OFFSET claim breaks is decided per field")
    void a_new_field_in_the_middle() {
      Report report =
          judge(
              fields("int a;8;4;1\nint c;12;4;1"),
              fields("int a;8;4;1\nint b;12;4;1\nint c;16;4;1"),
              "BY_OFFSET sched/event: a@8:4",
              "BY_OFFSET sched/event: c@12:4=");
      assertEquals(List.of("BREAK tool BY_OFFSET sched/event FIELD_MOVED c"), found(report));
      assertEquals("int c (offset 12)", report.findings().getFirst().change().from());
      assertEquals("int c (offset 16)", report.findings().getFirst().change().to());
    }

    @Test
    @DisplayName("a char array that grows: the same string, everywhere but under BY_OFFSET")
    void a_char_array_that_grows() {
      FakeKernel before = fields("char comm[16];8;16;1");
      FakeKernel after = fields("char comm[32];8;32;1");
      harmless(
          judge(
              before,
              after,
              "BY_NAME sched/event: comm",
              "POSITIONAL sched/event: comm",
              "BTF_STRUCT sched/event trace_event_raw_event: comm"));
      breaks(judge(before, after, "BY_OFFSET sched/event: comm@8:16"), ChangeKind.FIELD_LENGTH);
    }

    @Test
    @DisplayName(
        "a byte or struct array of another length (saddr[4] → saddr[28]): a structure in disguise: review for those who use it, never silently fine")
    void a_structure_in_disguise() {
      FakeKernel before = fields("__u8 saddr[4];8;4;0\nint z;40;4;1");
      FakeKernel after = fields("__u8 saddr[28];8;28;0\nint z;40;4;1");
      Report report = judge(before, after, "BY_NAME sched/event: saddr");
      assertEquals(List.of("REVIEW tool BY_NAME sched/event FIELD_LENGTH saddr"), found(report));
      assertEquals(
          "Does tool still find in saddr what it looks for, now that it is no longer of the same"
              + " length?",
          report.findings().getFirst().question());
      harmless(judge(before, after, "BY_NAME sched/event: z"));
    }

    @Test
    @DisplayName(
        "integer narrower (4 → 2 bytes): fine by name: readers take the size from the format. Wider likewise")
    void integers_of_another_width() {
      FakeKernel four = fields("u32 a;8;4;0\nint z;16;4;1");
      FakeKernel two = fields("u16 a;8;2;0\nint z;16;4;1");
      harmless(judge(four, two, "BY_NAME sched/event: a"));
      harmless(judge(two, four, "BY_NAME sched/event: a"));
    }

    @Test
    @DisplayName(
        "page → pfn, usec → nsec at the same place: a new name is a removal and an addition. BY_OFFSET cannot see it, and the report says that the name changed under the claim")
    void page_to_pfn() {
      FakeKernel before = fields("struct page * page;8;8;0");
      FakeKernel after = fields("unsigned long pfn;8;8;0");
      Report report =
          judge(before, after, "BY_NAME sched/event: page", "BY_OFFSET sched/event: page@8:8");
      assertEquals(
          List.of(
              "BREAK tool BY_NAME sched/event FIELD_REMOVED page",
              "COMPATIBLE tool BY_OFFSET sched/event FIELD_RENAMED page"),
          found(report));
      assertEquals("perhaps renamed to unsigned long pfn", report.findings().getFirst().hint());
      assertEquals(
          "tool reads the same bytes, which have another name now.",
          report.findings().get(1).explanation());
    }

    @Test
    @DisplayName(
        "values renumbered (prev_state in 4.14): not a byte differs, only the table in the print format: a break for those who say that they interpret the values")
    void values_renumbered() {
      FakeKernel before =
          printing(
              "\"%s\", __print_flags(REC->prev_state, \"|\", { 16, \"Z\" }, { 32, \"X\" })",
              "long prev_state;8;8;1");
      FakeKernel after =
          printing(
              "\"%s\", __print_flags(REC->prev_state, \"|\", { 16, \"X\" }, { 32, \"Z\" })",
              "long prev_state;8;8;1");
      breaks(judge(before, after, "BY_NAME sched/event: prev_state!"), ChangeKind.FIELD_SYMBOLS);
      harmless(judge(before, after, "BY_NAME sched/event: prev_state"));
      FakeKernel more =
          printing(
              "\"%s\", __print_flags(REC->prev_state, \"|\", { 16, \"Z\" }, { 32, \"X\" }, { 64, \"P\" })",
              "long prev_state;8;8;1");
      harmless(judge(before, more, "BY_NAME sched/event: prev_state!"));
    }

    @Test
    @DisplayName(
        "field and text live apart: every field renamed under one text, or one text changed over the same fields: judge them apart")
    void field_and_text_live_apart() {
      FakeKernel before = printing("\"dev=%d\", REC->dev", "int dev;8;4;1");
      FakeKernel renamed = printing("\"dev=%d\", REC->d", "int d;8;4;1");
      FakeKernel reworded = printing("\"device=%d\", REC->dev", "int dev;8;4;1");
      String name = "BY_NAME sched/event: dev";
      String text = "PRINT_TEXT sched/event dev=";
      breaks(judge(before, renamed, name), ChangeKind.FIELD_REMOVED);
      harmless(judge(before, renamed, text));
      harmless(judge(before, reworded, name));
      breaks(judge(before, reworded, text), ChangeKind.PRINT_FORMAT);
    }

    @Test
    @DisplayName(
        "print format compared as text (%lu → %llu, other parentheses): compare expression trees and what becomes visible")
    void what_becomes_visible() {
      harmless(
          judge(
              printing("\"a=%lu\", REC->a", "u64 a;8;8;0"),
              printing("\"a=%llu\", ((REC->a))", "u64 a;8;8;0"),
              "PRINT_TEXT sched/event whole"));
    }

    @Test
    @DisplayName("flexible array: size 0: data up to the end of the record")
    void flexible_arrays() {
      FakeKernel before = fields("int len;8;4;1\nchar data[];12;0;0");
      FakeKernel after = fields("int len;8;4;1\nint more;12;4;1\nchar data[];16;0;0");
      harmless(judge(before, after, "BY_NAME sched/event: data"));
      breaks(
          judge(before, fields("int len;8;4;1"), "BY_NAME sched/event: data"),
          ChangeKind.FIELD_REMOVED);
    }

    @Test
    @DisplayName("an odd field must not cost the event, the kernel or the tool")
    void an_odd_field() {
      FakeKernel odd = fields("int a;8;4;1\nint odd;12;3;1");
      FakeKernel more = fields("int a;8;4;1\nint odd;12;3;1\nint b;16;4;1");
      harmless(judge(odd, more, "BY_NAME sched/event: a, odd"));
    }

    @Test
    @DisplayName("word size or byte order (another architecture: a series has one)")
    void another_architecture() {
      Target big = new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);
      Report report =
          TestKernels.judge(
              fields("int a;8;4;1"), kernel(TestLayouts.of(big, "int a;8;4;1")), List.of());
      assertEquals(List.of("REVIEW - - ftrace/print BYTE_ORDER"), found(report));
      assertEquals(
          "Does this kernel belong into this series?", report.findings().getFirst().question());
    }

    @Test
    @DisplayName(
        "renamed (hint by type and place: it may help a person, it never changes the verdict)")
    void hints_never_change_the_verdict() {
      FakeKernel before =
          new FakeKernel("a").with("irq/softirq_entry", TestLayouts.of("u32 vec;8;4;0"));
      FakeKernel after =
          new FakeKernel("b").with("softirq/softirq_entry", TestLayouts.of("u32 vec;8;4;0"));
      Report report = judge(before, after, "BY_NAME irq/softirq_entry: vec");
      assertEquals(List.of("BREAK tool BY_NAME irq/softirq_entry EVENT_REMOVED"), found(report));
      assertEquals("perhaps renamed to softirq/softirq_entry", report.findings().getFirst().hint());
    }
  }

  @Test
  @DisplayName("real kernels: amd64 from 5.10 to 6.1 to 6.12")
  void real_kernels() {
    List<String> lines = new ArrayList<>();
    List<Claim> claims =
        List.of(
            TestKernels.claim(
                "tool",
                "BY_NAME sched/sched_switch: prev_pid, next_pid, prev_state!",
                "BY_NAME filemap/mm_filemap_add_to_page_cache: page|pfn|folio",
                "BY_NAME tcp/tcp_probe: saddr",
                "POSITIONAL raw_syscalls/sys_enter: id, args",
                "BY_OFFSET sched/sched_wakeup: pid@24:4s, success@32:4"));
    List<String> ids = List.of(RealKernel.AMD64_5_10, RealKernel.AMD64_6_1, RealKernel.AMD64_6_12);
    for (int i = 1; i < ids.size(); i++) {
      Report report =
          TestKernels.judge(RealKernel.read(ids.get(i - 1)), RealKernel.read(ids.get(i)), claims);
      report
          .findings()
          .forEach(finding -> lines.add(line(finding) + " -> " + finding.change().to()));
    }
    assertEquals(
        List.of(
            "COMPATIBLE tool BY_OFFSET sched/sched_wakeup FIELD_RENAMED success -> int target_cpu"),
        lines);
    assertTrue(
        TestKernels.diff(RealKernel.read(ids.get(0)), RealKernel.read(ids.get(1))).events().stream()
            .anyMatch(EventChanges::isRemoved));
  }
}
