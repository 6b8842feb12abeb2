package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.TextFormat;
import com.google.protobuf.TextFormat.ParseException;
import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.TypesDiff.Extent;
import dev.tracery.registry.diff.TypesDiff.ParametersChange;
import dev.tracery.registry.diff.TypesDiff.Presence;
import dev.tracery.registry.diff.TypesDiff.StructChange;
import dev.tracery.v1.KernelTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

class TypesDifferTest {

  private static final String SWITCH_6_1 =
      """
      tracepoints {
        name: "sched_switch"
        parameters {
          parameters { type: "bool" name: "preempt" }
          parameters { type: "struct task_struct *" name: "prev" }
          parameters { type: "struct task_struct *" name: "next" }
          parameters { type: "unsigned int" name: "prev_state" }
        }
      }
      structs {
        name: "trace_event_raw_sched_switch"
        size: 24
        members { name: "ent" type: "struct trace_entry" bit_size: 64 kind: MEMBER_KIND_STRUCT }
        members {
          name: "prev_pid" type: "pid_t" bit_offset: 64 bit_size: 32
          kind: MEMBER_KIND_INTEGER signed: true
        }
        members {
          name: "prev_state" type: "long" bit_offset: 128 bit_size: 64
          kind: MEMBER_KIND_INTEGER signed: true
        }
      }
      """;

  @Test
  void parameters_that_follow_are_appended() {
    assertEquals(
        List.of(new ParametersChange("t", Extent.APPENDED, "(int a)", "(int a, char *b)")),
        parameters("int a", "int a, char * b"));
  }

  @Test
  void parameters_in_between_are_inserted() {
    assertEquals(
        List.of(new ParametersChange("t", Extent.INSERTED, "(int a)", "(bool p, int a)")),
        parameters("int a", "bool p, int a"));
  }

  @Test
  void parameters_that_are_gone_are_removed() {
    assertEquals(
        List.of(new ParametersChange("t", Extent.REMOVED, "(int a, bool b)", "(bool b)")),
        parameters("int a, bool b", "bool b"));
    assertEquals(
        List.of(new ParametersChange("t", Extent.REMOVED, "(int a)", "()")),
        parameters("int a", ""));
  }

  @Test
  void other_types_and_another_order_are_changes() {
    assertEquals(
        List.of(new ParametersChange("t", Extent.CHANGED, "(int a)", "(long a)")),
        parameters("int a", "long a"));
    assertEquals(
        List.of(new ParametersChange("t", Extent.CHANGED, "(int a, bool b)", "(bool b, int a)")),
        parameters("int a, bool b", "bool b, int a"));
    assertEquals(
        List.of(new ParametersChange("t", Extent.CHANGED, "(int a)", "(long a, bool b)")),
        parameters("int a", "long a, bool b"));
  }

  @Test
  void names_of_parameters_are_never_compared() {
    assertEquals(List.of(), parameters("int a, bool b", "int x, bool"));
  }

  @Test
  void a_struct_says_which_members_are_others() {
    String now =
        SWITCH_6_1
            .replace("size: 24", "size: 32")
            .replace("\"long\"", "\"unsigned int\"")
            .replace(
                "bit_size: 64\n    kind: MEMBER_KIND_INTEGER signed: true",
                "bit_size: 32 kind: MEMBER_KIND_INTEGER");
    TypesDiff diff = diff(SWITCH_6_1, now);
    assertEquals(
        new TypesDiff(
            List.of(),
            List.of(
                new StructChange(
                    "trace_event_raw_sched_switch",
                    Presence.BOTH,
                    List.of("long prev_state (offset 16, 8 bytes)", "size 24"),
                    List.of("unsigned int prev_state (offset 16, 4 bytes, unsigned)", "size 32")))),
        diff);
    assertEquals(
        List.of(
            new Change(
                ChangeKind.STRUCT,
                "",
                0,
                "struct trace_event_raw_sched_switch: long prev_state (offset 16, 8 bytes); size 24",
                "struct trace_event_raw_sched_switch: unsigned int prev_state (offset 16, 4 bytes,"
                    + " unsigned); size 32")),
        diff.of(EventName.parse("sched/sched_switch")));
  }

  @Test
  void a_struct_that_only_one_kernel_has_is_new_or_gone() {
    String struct = "structs { name: \"trace_event_raw_x\" size: 8 }";
    assertEquals(
        List.of(new StructChange("trace_event_raw_x", Presence.NEW, List.of(), List.of("size 8"))),
        diff("", struct).structs());
    assertEquals(
        List.of(new StructChange("trace_event_raw_x", Presence.GONE, List.of("size 8"), List.of())),
        diff(struct, "").structs());
  }

  @Test
  void a_tracepoint_that_only_one_kernel_has_is_no_change_of_parameters() {
    assertEquals(TypesDiff.NONE, diff("", "tracepoints { name: \"t\" }"));
    assertEquals(TypesDiff.NONE, diff(SWITCH_6_1, SWITCH_6_1));
  }

  private static List<ParametersChange> parameters(String from, String to) {
    return diff(tracepoint(from), tracepoint(to)).parameters();
  }

  private static String tracepoint(String parameters) {
    StringBuilder text = new StringBuilder("tracepoints { name: \"t\" parameters {");
    for (String parameter : parameters.isEmpty() ? new String[0] : parameters.split(", ")) {
      int name = parameter.lastIndexOf(' ');
      text.append(" parameters { type: \"")
          .append(name < 0 ? parameter : parameter.substring(0, name));
      text.append("\" name: \"")
          .append(name < 0 ? "" : parameter.substring(name + 1))
          .append("\" }");
    }
    return text.append(" } }").toString();
  }

  private static TypesDiff diff(String from, String to) {
    return new TypesDiffer().diff(types(from), types(to));
  }

  private static KernelTypes types(String text) {
    try {
      return TextFormat.parse(text, KernelTypes.class);
    } catch (ParseException e) {
      throw new AssertionError(text, e);
    }
  }
}
