package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.diff.SymbolChange.Renamed;
import dev.tracery.registry.diff.SymbolChange.Renumbered;
import dev.tracery.registry.diff.SymbolChange.Symbol;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SymbolDifferTest {

  @Test
  void a_value_that_gets_a_name_is_an_addition() {
    assertEquals(
        new SymbolChange("a", 0, List.of(new Symbol(2, "B")), List.of(), List.of(), List.of()),
        symbolic("{ 1, \"A\" }", "{ 1, \"A\" }, { 2, \"B\" }"));
  }

  @Test
  void a_value_that_loses_its_name_is_a_removal() {
    assertEquals(
        new SymbolChange("a", 0, List.of(), List.of(new Symbol(2, "B")), List.of(), List.of()),
        symbolic("{ 1, \"A\" }, { 2, \"B\" }", "{ 1, \"A\" }"));
  }

  @Test
  void a_name_of_another_value_is_renumbered() {
    assertEquals(
        new SymbolChange(
            "a",
            0,
            List.of(new Symbol(4, "C")),
            List.of(),
            List.of(new Renumbered("B", 2, 3), new Renumbered("C2", 3, 5)),
            List.of()),
        symbolic(
            "{ 1, \"A\" }, { 2, \"B\" }, { 3, \"C2\" }",
            "{ 1, \"A\" }, { 3, \"B\" }, { 4, \"C\" }, { 5, \"C2\" }"));
  }

  @Test
  void a_value_of_another_name_is_renamed() {
    assertEquals(
        new SymbolChange(
            "a", 0, List.of(), List.of(), List.of(), List.of(new Renamed(2, "B", "b"))),
        symbolic("{ 1, \"A\" }, { 2, \"B\" }", "{ 1, \"A\" }, { 2, \"b\" }"));
  }

  @Test
  void bits_that_are_shifted_are_those_of_the_field() {
    assertEquals(
        Optional.of(
            new SymbolChange(
                "a", 0, List.of(), List.of(), List.of(new Renumbered("A", 0x100, 1)), List.of())),
        change(
            "\"%s\", __print_flags(REC->a >> 8, \"|\", { 1, \"A\" })",
            "\"%s\", __print_flags(REC->a, \"|\", { 1, \"A\" })"));
  }

  @Test
  void additions_alone_keep_the_meaning_of_every_value() {
    assertTrue(symbolic("{ 1, \"A\" }", "{ 1, \"A\" }, { 2, \"B\" }").keepsMeaning());
    assertTrue(symbolic("{ 1, \"A\" }, { 2, \"B\" }", "{ 2, \"B\" }, { 1, \"A\" }").keepsMeaning());
    assertFalse(symbolic("{ 1, \"A\" }", "{ 2, \"A\" }").keepsMeaning());
    assertFalse(symbolic("{ 1, \"A\" }", "{ 1, \"a\" }").keepsMeaning());
    assertFalse(symbolic("{ 1, \"A\" }, { 2, \"B\" }", "{ 1, \"A\" }").keepsMeaning());
  }

  private static SymbolChange symbolic(String from, String to) {
    return change(
            "\"%s\", __print_symbolic(REC->a, " + from + ")",
            "\"%s\", __print_symbolic(REC->a, " + to + ")")
        .orElseThrow();
  }

  private static Optional<SymbolChange> change(String from, String to) {
    return new LayoutDiffer()
        .diff(TestLayouts.printing(from, "int a;8;4;1"), TestLayouts.printing(to, "int a;8;4;1"))
        .symbolsOf("a", 0);
  }
}
