package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// One row for each kind of change and for each thing that is none.
class LayoutDifferTest {

  private static final Target LITTLE_32 = new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN);
  private static final Target BIG_64 = new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);

  /// @param expected each change as `KIND field#occurrence: from -> to`, common ones with a `*`
  record Row(String what, Layout from, Layout to, String... expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Row> rows() {
    return List.of(
        row("nothing", "int a;8;4;1", "int a;8;4;1"),
        row(
            "a field is new",
            "int a;8;4;1",
            "int a;8;4;1\nint b;12;4;1",
            "FIELD_ADDED b:  -> int b",
            "RECORD_SIZE : 12 bytes -> 16 bytes"),
        row(
            "a field is gone",
            "int a;8;4;1\nint b;12;4;1",
            "int a;8;4;1",
            "FIELD_REMOVED b: int b -> ",
            "RECORD_SIZE : 16 bytes -> 12 bytes"),
        row(
            "a field in the middle moves those behind it",
            "int a;8;4;1\nint c;12;4;1",
            "int a;8;4;1\nint b;12;4;1\nint c;16;4;1",
            "FIELD_MOVED c: offset 12 -> offset 16",
            "FIELD_ADDED b:  -> int b",
            "RECORD_SIZE : 16 bytes -> 20 bytes"),
        row(
            "an integer grows",
            "int a;8;4;1\nint z;16;4;1",
            "long a;8;8;1\nint z;16;4;1",
            "FIELD_WIDENED a: int a (4 bytes) -> long a (8 bytes)"),
        row(
            "an integer shrinks",
            "int a;8;4;1\nint z;12;4;1",
            "short a;8;2;1\nint z;12;4;1",
            "FIELD_NARROWED a: int a (4 bytes) -> short a (2 bytes)"),
        row(
            "a long is longer on a larger word",
            TestLayouts.of(LITTLE_32, "long a;8;4;1\nint z;16;4;1"),
            TestLayouts.of("long a;8;8;1\nint z;16;4;1"),
            "*WORD_SIZE : 32 bits -> 64 bits",
            "FIELD_WIDENED a: long a (4 bytes) -> long a (8 bytes)"),
        row(
            "an integer's sign",
            "int a;8;4;1",
            "unsigned int a;8;4;0",
            "FIELD_SIGNEDNESS a: int a (signed) -> unsigned int a (unsigned)"),
        row(
            "a scalar char's sign",
            "char a;8;1;1",
            "char a;8;1;0",
            "FIELD_SIGNEDNESS a: char a (signed) -> char a (unsigned)"),
        row(
            "the sign of an array of integers",
            "int a[4];8;16;1",
            "unsigned int a[4];8;16;0",
            "FIELD_SIGNEDNESS a: int a[4] (signed) -> unsigned int a[4] (unsigned)"),
        row("a sign means nothing on strings", "char a[16];8;16;1", "char a[16];8;16;0"),
        row(
            "a sign means nothing on dynamic strings",
            "__data_loc char[] a;8;4;1",
            "__data_loc char[] a;8;4;0"),
        row("a sign means nothing on bytes", "u8 a[6];8;6;0", "u8 a[6];8;6;1"),
        row("an unknown sign is no change", "int a;8;4", "int a;8;4;0"),
        row(
            "a string becomes an integer",
            "char a[8];8;8;1",
            "u64 a;8;8;0",
            "FIELD_KIND a: char a[8] (string) -> u64 a (integer)"),
        row(
            "an integer becomes a bool",
            "u8 a;8;1;0",
            "bool a;8;1;0",
            "FIELD_KIND a: u8 a (integer) -> bool a (bool)"),
        row(
            "a string of another length",
            "char a[16];8;16;1\nint z;40;4;1",
            "char a[32];8;32;1\nint z;40;4;1",
            "FIELD_LENGTH a: char a[16] (16 bytes) -> char a[32] (32 bytes)"),
        row(
            "an array of bytes of another length",
            "__u8 saddr[4];8;4;0\nint z;40;4;1",
            "__u8 saddr[28];8;28;0\nint z;40;4;1",
            "FIELD_LENGTH saddr: __u8 saddr[4] (4 bytes) -> __u8 saddr[28] (28 bytes)"),
        row(
            "an array of wider elements",
            "u32 a[2];8;8;0\nint z;40;4;1",
            "u64 a[2];8;16;0\nint z;40;4;1",
            "FIELD_WIDENED a: u32 a[2] (4 bytes) -> u64 a[2] (8 bytes)"),
        row(
            "fixed becomes dynamic",
            "char a[16];8;16;1\nint z;24;4;1",
            "__data_loc char[] a;8;4;1\nint z;24;4;1",
            "FIELD_STORAGE a: char a[16] -> __data_loc char[] a"),
        row(
            "another dynamic storage",
            "__data_loc char[] a;8;4;1",
            "__rel_loc char[] a;8;4;1",
            "FIELD_STORAGE a: __data_loc char[] a -> __rel_loc char[] a"),
        row(
            "another spelling",
            "unsigned int a;8;4;0",
            "u32 a;8;4;0",
            "FIELD_SPELLING a: unsigned int a -> u32 a"),
        row(
            "another spelling of a length",
            "char a[TASK_COMM_LEN];8;16;1",
            "char a[16];8;16;1",
            "FIELD_SPELLING a: char a[TASK_COMM_LEN] -> char a[16]"),
        row(
            "values renumbered",
            TestLayouts.printing(
                "\"%s\", __print_symbolic(REC->a, { 1, \"A\" }, { 2, \"B\" })", "int a;8;4;1"),
            TestLayouts.printing(
                "\"%s\", __print_symbolic(REC->a, { 1, \"A\" }, { 4, \"B\" })", "int a;8;4;1"),
            "FIELD_SYMBOLS a: 2=B -> 4=B"),
        row(
            "values renumbered under another text",
            TestLayouts.printing(
                "\"%s\", __print_symbolic(REC->a, { 1, \"A\" }, { 2, \"B\" })", "int a;8;4;1"),
            TestLayouts.printing(
                "\"a=%s\", __print_symbolic(REC->a, { 1, \"A\" }, { 4, \"B\" })", "int a;8;4;1"),
            "FIELD_SYMBOLS a: 2=B -> 4=B",
            "PRINT_FORMAT :  -> \"a=%s\", __print_symbolic(REC->a, …)"),
        row(
            "another order",
            "int a;8;4;1\nint b;12;4;1",
            "int b;8;4;1\nint a;12;4;1",
            "FIELD_MOVED a: offset 8 -> offset 12",
            "FIELD_MOVED b: offset 12 -> offset 8",
            "FIELD_ORDER : a, b -> b, a"),
        row(
            "two fields of one name",
            "int a;8;4;1\nint a;12;4;1",
            "int a;8;4;1\nunsigned int a;12;4;0",
            "FIELD_SIGNEDNESS a#1: int a (signed) -> unsigned int a (unsigned)"),
        row(
            "another text",
            TestLayouts.printing("\"a=%d\", REC->a", "int a;8;4;1"),
            TestLayouts.printing("\"A=%d\", REC->a", "int a;8;4;1"),
            "PRINT_FORMAT : \"a=%d\", REC->a -> \"A=%d\", REC->a"),
        row(
            "every field renamed under one text",
            TestLayouts.printing("\"a=%d\", REC->a", "int a;8;4;1"),
            TestLayouts.printing("\"a=%d\", REC->b", "int b;8;4;1"),
            "FIELD_REMOVED a: int a -> ",
            "FIELD_RENAMED a: int a -> int b",
            "FIELD_ADDED b:  -> int b",
            "PRINT_FORMAT : \"a=%d\", REC->a -> \"a=%d\", REC->b"),
        row(
            "the same text, written otherwise",
            TestLayouts.printing("\"a=%lu\", REC->a", "u64 a;8;8;0"),
            TestLayouts.printing("\"a=%llu\", (REC->a)", "u64 a;8;8;0")),
        row(
            "another name at the same place is a removal, an addition and a hint",
            "struct page * page;8;8;0\nint z;16;4;1",
            "unsigned long pfn;8;8;0\nint z;16;4;1",
            "FIELD_REMOVED page: struct page * page -> ",
            "FIELD_RENAMED page: struct page * page -> unsigned long pfn",
            "FIELD_ADDED pfn:  -> unsigned long pfn"),
        row(
            "another name at the same place in the order, where everything moved",
            "int a;8;4;1\nint b;12;4;1",
            "int a;16;4;1\nint c;20;4;1",
            "FIELD_MOVED a: offset 8 -> offset 16",
            "FIELD_REMOVED b: int b -> ",
            "FIELD_RENAMED b: int b -> int c",
            "FIELD_ADDED c:  -> int c",
            "RECORD_SIZE : 16 bytes -> 24 bytes"),
        row(
            "another name and size is no hint",
            "int a;8;4;1\nint z;16;4;1",
            "long b;8;8;1\nint z;16;4;1",
            "FIELD_REMOVED a: int a -> ",
            "FIELD_ADDED b:  -> long b"),
        row(
            "a common field is new",
            TestLayouts.of("int a;12;4;1"),
            TestLayouts.withCommon("int common_padding;8;4;1", "int a;12;4;1"),
            "*COMMON_FIELD_ADDED common_padding:  -> int common_padding"),
        row(
            "a common field is gone",
            TestLayouts.withCommon("int common_lock_depth;8;4;1", "int a;12;4;1"),
            TestLayouts.of("int a;12;4;1"),
            "*COMMON_FIELD_REMOVED common_lock_depth: int common_lock_depth -> "),
        row(
            "a common field has moved",
            TestLayouts.withCommon("int common_tgid;8;4;1", "int a;16;4;1"),
            TestLayouts.withCommon("int common_tgid;12;4;1", "int a;16;4;1"),
            "*COMMON_FIELD_MOVED common_tgid: offset 8 -> offset 12"),
        row(
            "a common field has another size",
            TestLayouts.withCommon("int common_tgid;8;4;1", "int a;16;4;1"),
            TestLayouts.withCommon("long common_tgid;8;8;1", "int a;16;4;1"),
            "*FIELD_WIDENED common_tgid: int common_tgid (4 bytes) -> long common_tgid (8 bytes)"),
        row(
            "another byte order",
            TestLayouts.of("int a;8;4;1"),
            TestLayouts.of(BIG_64, "int a;8;4;1"),
            "*BYTE_ORDER : little -> big"));
  }

  @ParameterizedTest
  @MethodSource("rows")
  void says_what_changed(Row row) {
    assertEquals(List.of(row.expected), changes(row));
  }

  @Test
  void every_kind_of_a_layout_has_a_row() {
    Set<ChangeKind> tested = EnumSet.noneOf(ChangeKind.class);
    for (Row row : rows()) {
      LayoutDiff diff = new LayoutDiffer().diff(row.from, row.to);
      diff.common().forEach(change -> tested.add(change.kind()));
      diff.own().forEach(change -> tested.add(change.kind()));
    }
    Set<ChangeKind> missing = EnumSet.complementOf(EnumSet.copyOf(tested));
    assertEquals(
        EnumSet.of(
            ChangeKind.EVENT_ADDED,
            ChangeKind.EVENT_REMOVED,
            ChangeKind.EVENT_RENAMED,
            ChangeKind.EVENT_ID,
            ChangeKind.PARAMETERS,
            ChangeKind.STRUCT),
        missing);
  }

  @Test
  void a_difference_backwards_has_the_same_fields() {
    for (Row row : rows()) {
      LayoutDiff there = new LayoutDiffer().diff(row.from, row.to);
      LayoutDiff back = new LayoutDiffer().diff(row.to, row.from);
      assertEquals(fields(there), fields(back), row.what);
      assertTrue(new LayoutDiffer().diff(row.from, row.from).own().isEmpty(), row.what);
    }
  }

  private static Set<String> fields(LayoutDiff diff) {
    Set<String> fields = new TreeSet<>();
    diff.own().forEach(change -> fields.add(change.field() + change.occurrence()));
    diff.common().forEach(change -> fields.add(change.field() + change.occurrence()));
    return fields;
  }

  private static List<String> changes(Row row) {
    LayoutDiff diff = new LayoutDiffer().diff(row.from, row.to);
    List<String> changes = new ArrayList<>();
    diff.common().forEach(change -> changes.add("*" + text(change)));
    diff.own().forEach(change -> changes.add(text(change)));
    return changes;
  }

  private static String text(Change change) {
    return change.kind()
        + " "
        + change.field()
        + (change.occurrence() == 0 ? "" : "#" + change.occurrence())
        + ": "
        + change.from()
        + " -> "
        + change.to();
  }

  private static Row row(String what, String from, String to, String... expected) {
    return new Row(what, TestLayouts.of(from), TestLayouts.of(to), expected);
  }

  private static Row row(String what, Layout from, Layout to, String... expected) {
    return new Row(what, from, to, expected);
  }
}
