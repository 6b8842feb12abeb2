package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.PrintDiff.Literal;
import dev.tracery.registry.diff.PrintDiff.Source;
import dev.tracery.registry.diff.PrintDiff.Value;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PrintDifferTest {

  private static final String FIELDS =
      """
      u64 a;8;8;0
      int b;16;4;1
      char s[8];24;8;0
      __data_loc char[] d;32;4;0
      u32 f;36;4;0
      """;

  record Row(String what, String from, String to) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Row> same() {
    return List.of(
        new Row("lengths", "\"%lu\", REC->a", "\"%llu\", REC->a"),
        new Row("parentheses", "\"%d\", REC->b + 1 * 2", "\"%d\", ((REC->b) + (1 * 2))"),
        new Row("blanks", "\"%d\", REC->b+1", "\"%d\",   REC->b + 1"),
        new Row("idle casts", "\"%llu\", REC->a", "\"%llu\", (unsigned long long)REC->a"),
        new Row("idle casts of what is narrower", "\"%u\", REC->f", "\"%lu\", (u64)REC->f"),
        new Row("how a constant is written", "\"%d\", REC->b & 16", "\"%d\", REC->b & (1 << 4)"),
        new Row("strings in pieces", "\"a\" \"b %d\", REC->b", "\"ab %d\", REC->b"),
        new Row("a string's storage", "\"%s\", __get_str(d)", "\"%s\", __get_rel_str(d)"));
  }

  @ParameterizedTest
  @MethodSource("same")
  void prints_the_same(Row row) {
    assertEquals(Optional.empty(), diff(row.from, row.to));
  }

  /// @param expectedFrom what the change says
  record Told(String what, String from, String to, String expectedFrom, String expectedTo) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Told> told() {
    return List.of(
        new Told(
            "an argument, with the word before it",
            "\"prev_comm=%s prev_state=%s%s ==> next\", REC->s, REC->b & 255 ? \"D\" : \"R\","
                + " REC->b & 256 ? \"+\" : \"\"",
            "\"prev_comm=%s prev_state=%s%s ==> next\", REC->s, (REC->b & 1) ? \"D\" : \"R\","
                + " REC->b & 256 ? \"+\" : \"\"",
            "\"prev_state=%s\", REC->b & 255 ? \"D\" : \"R\"",
            "\"prev_state=%s\", REC->b & 1 ? \"D\" : \"R\""),
        new Told(
            "a conversion",
            "\"a=%d b=%d\", REC->a, REC->b",
            "\"a=%d b=0x%x\", REC->a, REC->b",
            "\"b=%d\", REC->b",
            "\"b=0x%x\", REC->b"),
        new Told(
            "a word, with the conversion behind it",
            "\"one old=%d two\", REC->b",
            "\"one new=%d two\", REC->b",
            "\"old=%d\", REC->b",
            "\"new=%d\", REC->b"),
        new Told(
            "something is new",
            "\"a=%llu [ns]\", REC->a",
            "\"a=%llu [ns] b=%d [ns]\", REC->a, REC->b",
            "",
            "\" b=%d [ns]\", REC->b"),
        new Told(
            "something is gone at the start",
            "\"b=%d a=%llu\", REC->b, REC->a",
            "\"a=%llu\", REC->a",
            "\"b=%d \", REC->b",
            ""),
        new Told(
            "two places",
            "\"x=%d y=%d z=%d\", REC->a, REC->b, REC->f",
            "\"x=%d y=%d z=%d\", REC->f, REC->b, REC->a",
            "\"x=%d … z=%d\", REC->a, REC->f",
            "\"x=%d … z=%d\", REC->f, REC->a"),
        new Told(
            "what C needs escapes for",
            "\"100%% \\\"%s\\\"\\n\", REC->s",
            "\"99%% \\\"%s\\\"\\n\", REC->s",
            "\"100\"",
            "\"99\""),
        new Told(
            "a cast that cuts",
            "\"%u\", REC->a",
            "\"%u\", (u32)REC->a",
            "\"%u\", REC->a",
            "\"%u\", (u32)REC->a"),
        new Told(
            "a cast that changes the sign",
            "\"%d\", REC->b",
            "\"%d\", (u64)REC->b",
            "\"%d\", REC->b",
            "\"%d\", (u64)REC->b"),
        new Told(
            "names of values that are not known",
            "\"%s\", __print_flags(REC->f, \"|\", { 1, \"A\" }, { 1 << OLD, \"B\" })",
            "\"%s\", __print_flags(REC->f, \"|\", { 1, \"A\" }, { 1 << NEW, \"B\" })",
            "\"%s\", __print_flags(REC->f, \"|\", …, { 1 << OLD, \"B\" })",
            "\"%s\", __print_flags(REC->f, \"|\", …, { 1 << NEW, \"B\" })"),
        new Told(
            "a delimiter",
            "\"%s\", __print_flags(REC->f, \"|\", { 1, \"A\" })",
            "\"%s\", __print_flags(REC->f, \",\", { 1, \"A\" })",
            "\"%s\", __print_flags(REC->f, \"|\", …)",
            "\"%s\", __print_flags(REC->f, \",\", …)"),
        new Told(
            "what is no C that is understood",
            "\"a=%d\", REC->a @ 1",
            "\"a=%d\", REC->a @ 2",
            "\"a=%d\", REC->a @ 1",
            "\"a=%d\", REC->a @ 2"));
  }

  @ParameterizedTest
  @MethodSource("told")
  void tells_what_changes(Told row) {
    var changes =
        new LayoutDiffer()
                .diff(TestLayouts.printing(row.from, FIELDS), TestLayouts.printing(row.to, FIELDS))
                .own()
                .stream()
                .filter(change -> change.kind() == ChangeKind.PRINT_FORMAT)
                .map(change -> change.from() + " -> " + change.to())
                .toList();
    assertEquals(List.of(row.expectedFrom + " -> " + row.expectedTo), changes);
  }

  @Test
  void a_text_is_pieces_that_changed_or_not() {
    assertEquals(
        Optional.of(
            new PrintDiff(
                List.of(
                    new Literal("a=", false),
                    new Value("%u", List.of("REC->a"), false),
                    new Literal(" old=", false),
                    new Value("%d", List.of("REC->b"), true)),
                List.of(
                    new Literal("a=", false),
                    new Value("%u", List.of("REC->a"), false),
                    new Literal(" old=", false),
                    new Value("%u", List.of("REC->f"), true)))),
        diff("\"a=%lu old=%d\", REC->a, REC->b", "\"a=%llu old=%u\", REC->a, REC->f"));
  }

  @Test
  void what_is_not_understood_is_cut_to_what_differs() {
    assertEquals(
        Optional.of(
            new PrintDiff(
                List.of(
                    new Source("\"%d\", REC->a @ ", false),
                    new Source("1", true),
                    new Source("0", false)),
                List.of(
                    new Source("\"%d\", REC->a @ ", false),
                    new Source("2", true),
                    new Source("0", false)))),
        diff("\"%d\", REC->a @ 10", "\"%d\", REC->a @ 20"));
  }

  @Test
  void long_texts_are_cut_around_what_differs() {
    String many = " + REC->a".repeat(200);
    PrintTexts.Texts texts =
        PrintTexts.of(
            diff("\"%d\", 1" + many + " - 7" + many, "\"%d\", 1" + many + " - 8" + many)
                .orElseThrow());
    assertTrue(texts.from().length() < 200, texts.from());
    assertEquals(texts.from().replace("- 7", "- 8"), texts.to());
  }

  private static Optional<PrintDiff> diff(String from, String to) {
    return new LayoutDiffer()
        .diff(TestLayouts.printing(from, FIELDS), TestLayouts.printing(to, FIELDS))
        .print();
  }
}
