package dev.tracery.registry.policy;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class PatternSyntaxTest {

  @Test
  void what_tools_write_is_accepted() {
    assertEquals(Optional.empty(), PatternSyntax.problem("comm=(\\S{1,15}) pid=([0-9]{1,7})"));
  }

  @Test
  void a_pattern_that_would_take_much_memory_is_refused() {
    assertEquals(
        Optional.of(
            "is too large with all that it repeats: at most 20000 characters are allowed, its"
                + " length multiplied by all numbers in braces"),
        PatternSyntax.problem("(" + "a".repeat(900) + "){1000}"));
    assertEquals(
        Optional.of(
            "repeats more than 1000 times, all numbers in braces multiplied; use * or + instead"),
        PatternSyntax.problem("(a{100}){100}"));
  }
}
