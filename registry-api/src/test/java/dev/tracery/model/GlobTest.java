package dev.tracery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class GlobTest {

  @Test
  void a_glob_matches_what_the_regular_expression_matches() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      String glob = text(random, "ab/*?");
      String text = text(random, "ab/");
      String regex = glob.replace("*", ".*").replace("?", ".");
      assertEquals(Pattern.matches(regex, text), new Glob(glob).matches(text), glob + " " + text);
    }
  }

  @Test
  void many_stars_end_soon() {
    assertFalse(Glob.of("*a".repeat(400) + "b").matches("a".repeat(511)));
  }

  @Test
  void a_pattern_that_is_too_long_is_refused() {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Glob.of("x".repeat(1_001)));
    assertEquals("has 1001 characters; at most 1000 are allowed", refused.getMessage());
  }

  private static String text(Random random, String alphabet) {
    StringBuilder out = new StringBuilder();
    for (int i = random.nextInt(8); i > 0; i--) {
      out.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return out.toString();
  }
}
