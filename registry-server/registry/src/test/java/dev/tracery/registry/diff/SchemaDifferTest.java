package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.SymbolTable;
import dev.tracery.compiler.layout.SymbolTable.Match;
import dev.tracery.compiler.layout.SymbolTable.Symbol;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaDifferTest {

  @Test
  void a_text_that_prints_the_same_is_no_change() {
    assertEquals(List.of(), prints("\"a=%lu\", REC->a", "\"a=%llu\", (u64)(REC->a)"));
  }

  @Test
  void another_text_says_what_of_it_changes() {
    assertEquals(
        List.of(new Change(ChangeKind.PRINT_FORMAT, "", 0, "\"b=%d\", REC->b", "\"B=%d\", REC->b")),
        prints("\"a=%d b=%d\", REC->a, REC->b", "\"a=%d B=%d\", REC->a, REC->b"));
  }

  @Test
  void a_text_that_is_not_understood_is_compared_as_text() {
    assertEquals(
        List.of(new Change(ChangeKind.PRINT_FORMAT, "", 0, "\"%d\", @ 1", "\"%d\", @ 2")),
        prints("\"%d\", @ 1", "\"%d\", @ 2"));
  }

  @Test
  void names_of_values_are_judged_apart_from_the_text() {
    assertEquals(
        List.of(new Change(ChangeKind.FIELD_SYMBOLS, "a", 0, "", "2=B")),
        new SchemaDiffer()
            .diff(
                version("\"%s\", __print_symbolic(REC->a, { 1, \"A\" })", new Symbol(1, "A")),
                version(
                    "\"%s\", __print_symbolic(REC->a, { 1, \"A\" }, { 2, \"B\" })",
                    new Symbol(1, "A"), new Symbol(2, "B"))));
  }

  private static List<Change> prints(String from, String to) {
    return new SchemaDiffer().diff(version(from), version(to));
  }

  private static SchemaVersion version(String printFormat, Symbol... symbols) {
    List<SymbolTable> tables =
        symbols.length == 0
            ? List.of()
            : List.of(new SymbolTable(Match.VALUE, 0, -1, "", List.of(symbols)));
    return new SchemaVersion(
        EventName.parse("a/b"),
        "linux.a.B",
        1,
        List.of(
            new SchemaField(1, "a", "a", 0, FieldKind.UNSIGNED, true, "u64", tables),
            new SchemaField(2, "b", "b", 0, FieldKind.SIGNED, false, "int", List.of())),
        List.of(),
        printFormat);
  }
}
