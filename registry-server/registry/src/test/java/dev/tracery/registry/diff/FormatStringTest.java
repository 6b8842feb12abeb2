package dev.tracery.registry.diff;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.registry.diff.FormatString.Part;
import java.util.List;
import org.junit.jupiter.api.Test;

class FormatStringTest {

  @Test
  void lengths_and_the_other_spelling_of_d_say_nothing_of_the_text() {
    assertEquals(
        List.of(
            new Part("%d", 1),
            new Part(" ", 0),
            new Part("%u", 1),
            new Part(" ", 0),
            new Part("%-5x", 1),
            new Part(" ", 0),
            new Part("%d", 1)),
        FormatString.parts("%ld %llu %-5hhx %i"));
  }

  @Test
  void two_percent_signs_are_one_in_the_text() {
    assertEquals(
        List.of(new Part("100% of ", 0), new Part("%s", 1)), FormatString.parts("100%% of %s"));
  }

  @Test
  void a_star_takes_an_argument_and_a_pointer_its_letters() {
    assertEquals(
        List.of(new Part("%*.*s", 3), new Part("%*pbl", 2), new Part("-", 0), new Part("%pI4", 1)),
        FormatString.parts("%*.*s%*pbl-%pI4"));
  }

  @Test
  void what_ends_within_a_conversion_is_one() {
    assertEquals(List.of(new Part("a", 0), new Part("%-0", 1)), FormatString.parts("a%-0"));
    assertEquals(List.of(), FormatString.parts(""));
  }
}
