package dev.tracery.client.negotiate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// The system tests compare these hashes with the compiler's, format by format.
class FormatTextTest {

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static Sha256 hash(String text) {
    return FormatText.layoutHash(bytes(text), Target.LITTLE_64);
  }

  @Test
  void the_hash_is_that_of_the_canonical_form() {
    assertEquals(
        Sha256.of(
            bytes(
                "tracery-layout 1 word=8 order=little\nname: a\nformat:\n\tx\n\nprint fmt: \"é\"\n")),
        hash("name: a\nID: 7\nformat:\n\tx\n\nprint fmt: \"é\"\n"));
  }

  @Test
  void ids_and_ends_do_not_matter() {
    Sha256 one = hash("name: a\nID: 7\nformat:\n");
    assertEquals(one, hash("name: a\nID: 8999\nformat:"));
    assertEquals(one, hash("name: a\nID: 7\nformat:\n\n\0\0"));
    assertEquals(hash("name: a\n"), hash("name: a\nID: 7"));
    assertEquals(
        Sha256.of(bytes("tracery-layout 1 word=8 order=little\na\nID: 8\n")),
        hash("ID: 7\na\nID: 8\n"));
  }

  @Test
  void the_id_is_the_first_one() {
    assertEquals(319, FormatText.id(bytes("name: x\nID: 319\nformat:\nID: 4\n")));
    assertEquals(0, FormatText.id(bytes("name: x\nID: many\nID: 4\n")));
    assertEquals(0, FormatText.id(bytes("name: x\n")));
  }
}
