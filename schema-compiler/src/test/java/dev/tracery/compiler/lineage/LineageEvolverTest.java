package dev.tracery.compiler.lineage;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class LineageEvolverTest {

  private static final String SYMBOLIC = "\"%s\", __print_symbolic(REC->a, ";

  @Test
  void the_first_layout_numbers_its_fields_in_order() {
    assertEquals(
        """
        1: a=1 signed32, b=2 unsigned64, c=3 string
        """,
        evolve(Formats.of("int a;4;1", "unsigned long b;8;0", "char c[16];16;0")));
  }

  @Test
  void moved_fields_and_other_sizes_make_no_new_version() {
    assertEquals(
        """
        1: a=1 signed32, b=2 unsigned32, c=3 string
        1
        """,
        evolve(
            Formats.of("int a;4;1", "u32 b;4;0", "char c[16];16;0"),
            Formats.of("char c[32];32;1", "short b;2;0", "int a;4;1")));
  }

  @Test
  void a_new_field_takes_the_next_number_wherever_it_stands() {
    assertEquals(
        """
        1: a=1 signed32, b=2 signed32
        2: a=1 signed32, new=3 signed32, b=2 signed32
        """,
        evolve(
            Formats.of("int a;4;1", "int b;4;1"),
            Formats.of("int a;4;1", "int new;4;1", "int b;4;1")));
  }

  @Test
  void a_removed_field_stays_reserved_and_finds_its_number_when_it_comes_back() {
    assertEquals(
        """
        1: a=1 signed32, b=2 signed32
        2: a=1 signed32 | removed b=2 signed32
        3: a=1 signed32, c=3 signed32 | removed b=2 signed32
        4: b=2 signed32 | removed a=1 signed32, c=3 signed32
        1
        """,
        evolve(
            Formats.of("int a;4;1", "int b;4;1"),
            Formats.of("int a;4;1"),
            Formats.of("int a;4;1", "int c;4;1"),
            Formats.of("int b;4;1"),
            Formats.of("int b;4;1", "int a;4;1")));
  }

  @Test
  void an_integer_that_grows_keeps_its_number_and_never_narrows_again() {
    assertEquals(
        """
        1: a=1 unsigned32
        2: a=1 unsigned64
        2
        3: b=2 signed32 | removed a=1 unsigned64
        4: a=1 unsigned64, c=3 signed32 | removed b=2 signed32
        """,
        evolve(
            Formats.of("u32 a;4;0"),
            Formats.of("u64 a;8;0"),
            Formats.of("u16 a;2;0"),
            Formats.of("int b;4;1"),
            Formats.of("u32 a;4;0", "int c;4;1")));
  }

  @Test
  void another_kind_or_sign_takes_a_new_number_and_a_new_name() {
    assertEquals(
        """
        1: a=1 signed32
        2: a_unsigned=2 unsigned32 | removed a=1 signed32
        3: a_string=3 string | removed a=1 signed32, a_unsigned=2 unsigned32
        2
        """,
        evolve(
            Formats.of("int a;4;1"),
            Formats.of("int a;4;0"),
            Formats.of("char a[4];4;0"),
            Formats.of("u32 a;4;0")));
  }

  @Test
  void the_sign_of_strings_and_byte_arrays_means_nothing() {
    assertEquals(
        """
        1: s=1 string, b=2 bytes
        1
        """,
        evolve(
            Formats.of("char s[16];16;1", "u8 b[6];6;1"),
            Formats.of("char s[16];16;0", "u8 b[6];6;0")));
  }

  @Test
  void an_unknown_sign_is_not_a_change_of_sign() {
    assertEquals(
        """
        1: a=1 signed32
        1
        """,
        evolve(Formats.of("foo_t a;4;1"), Formats.of("foo_t a;4")));
  }

  @Test
  void two_fields_of_one_name_are_told_apart_by_their_occurrence() {
    assertEquals(
        """
        1: a=1 signed32, a_2=2 signed32
        2: a=1 signed32 | removed a_2=2 signed32
        """,
        evolve(Formats.of("int a;4;1", "int a;4;1"), Formats.of("int a;4;1")));
  }

  @Test
  void fields_whose_json_names_would_be_equal_get_other_names() {
    assertEquals(
        """
        1: foo_bar=1 signed32, foo__bar_signed=2 signed32, fooBar_signed_2=3 signed32
        """,
        evolve(Formats.of("int foo_bar;4;1", "int foo__bar;4;1", "int fooBar;4;1")));
  }

  @Test
  void other_symbols_make_a_new_version_and_the_old_ones_find_the_old_version() {
    assertEquals(
        """
        1: a=1 signed32 [1 ONE]
        2: a=1 signed32 [1 ONE, 2 TWO]
        1
        """,
        evolve(
            Formats.print(SYMBOLIC + "{ 1, \"ONE\" })", "int a;4;1"),
            Formats.print(SYMBOLIC + "{ 1, \"ONE\" }, { 2, \"TWO\" })", "int a;4;1"),
            Formats.print(SYMBOLIC + "{ 1, \"ONE\" })", "int a;2;1")));
  }

  @Test
  void long_and_pointers_have_64_bits_on_every_word_size() {
    Target small =
        new Target(dev.tracery.model.WordSize.BITS_32, dev.tracery.model.ByteOrder.BIG_ENDIAN);
    assertEquals(
        """
        1: l=1 signed64, p=2 unsigned64, i=3 signed32
        1
        """,
        evolve(
            Formats.on(small, "\"x\"", "long l;4;1", "const void * p;4;0", "int i;4;1"),
            Formats.of("long l;8;1", "const void * p;8;0", "int i;4;1")));
  }

  @Test
  void message_names_are_camel_case_and_unique() {
    Layout layout = Formats.of("int a;4;1");
    LineageEvolver evolver = new LineageEvolver();
    assertEquals(
        List.of(
            "linux.sched.SchedSwitch",
            "linux._9p.P9ClientReq",
            "linux.intel_sst.SstIpcMsg",
            "linux.hfi1.Hfi1AFFINITY",
            "linux.x._1",
            "linux.sched.SchedSwitch_2"),
        List.of(
            name(evolver, layout, "sched/sched_switch", Set.of()),
            name(evolver, layout, "9p/p9_client_req", Set.of()),
            name(evolver, layout, "intel-sst/sst_ipc_msg", Set.of()),
            name(evolver, layout, "hfi1/hfi1_AFFINITY", Set.of()),
            name(evolver, layout, "x/1", Set.of()),
            name(evolver, layout, "sched/sched__switch", Set.of("linux.sched.SchedSwitch"))));
  }

  private static String name(
      LineageEvolver evolver, Layout layout, String event, Set<String> taken) {
    return evolver.begin(EventName.parse(event), layout, taken).version().messageName();
  }

  /// One line for each layout: the new version whole, or the number of the version that the lineage
  /// had.
  private static String evolve(Layout... layouts) {
    LineageEvolver evolver = new LineageEvolver();
    List<SchemaVersion> versions = new ArrayList<>();
    StringBuilder lines = new StringBuilder();
    for (Layout layout : layouts) {
      Evolution evolution =
          versions.isEmpty()
              ? evolver.begin(EventName.parse("test/event"), layout, Set.of())
              : evolver.evolve(new Lineage(versions), layout);
      if (evolution.isNew()) {
        versions.add(evolution.version());
        lines.append(line(evolution.version())).append("\n");
      } else {
        lines.append(evolution.version().version()).append("\n");
      }
    }
    return lines.toString();
  }

  private static String line(SchemaVersion version) {
    String line = version.version() + ": " + fields(version.fields());
    return version.removed().isEmpty() ? line : line + " | removed " + fields(version.removed());
  }

  private static String fields(List<SchemaField> fields) {
    return fields.stream().map(LineageEvolverTest::field).collect(Collectors.joining(", "));
  }

  private static String field(SchemaField field) {
    String text =
        field.protoName()
            + "="
            + field.number()
            + " "
            + field.kind().name().toLowerCase(java.util.Locale.ROOT);
    if (field.kind().isInteger()) {
      text += field.wide() ? "64" : "32";
    }
    for (var table : field.symbols()) {
      text +=
          table.symbols().stream()
              .map(symbol -> symbol.value() + " " + symbol.name())
              .collect(Collectors.joining(", ", " [", "]"));
    }
    return text;
  }
}
