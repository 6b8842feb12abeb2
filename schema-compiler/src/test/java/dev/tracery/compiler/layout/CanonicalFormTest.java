package dev.tracery.compiler.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class CanonicalFormTest {

  private static final Target BIG_32 = new Target(WordSize.BITS_32, ByteOrder.BIG_ENDIAN);

  @Test
  void it_is_the_format_without_its_id_after_a_line_with_the_target() {
    assertEquals(
        """
        tracery-layout 1 word=8 order=little
        name: x
        format:
        \tfield:int a;

        print fmt: "ID: %d"
        """,
        form("name: x\nID: 12\nformat:\n\tfield:int a;\n\nprint fmt: \"ID: %d\"\n"));
  }

  @Test
  void only_the_first_line_that_begins_with_ID_goes() {
    assertEquals(
        "tracery-layout 1 word=8 order=little\nname: x\nID: 2\n", form("name: x\nID: 1\nID: 2\n"));
    assertEquals("tracery-layout 1 word=8 order=little\nname: ID: 1\n", form("name: ID: 1\n"));
  }

  @Test
  void line_feeds_and_nuls_at_the_end_do_not_count() {
    assertEquals(form("name: x\n"), form("name: x"));
    assertEquals(form("name: x\n"), form("name: x\n\n\0\n\0"));
    assertNotEquals(form("name: x\n"), form("name: x \n"));
  }

  @Test
  void a_format_without_an_id_and_an_empty_one_have_a_form() {
    assertEquals("tracery-layout 1 word=8 order=little\n\n", form(""));
    assertEquals("tracery-layout 1 word=8 order=little\n\n", form("ID: 5"));
    assertEquals("tracery-layout 1 word=8 order=little\nname: x\n", form("name: x\nID: 5"));
  }

  @Test
  void its_hash_is_the_sha_256_that_any_tool_computes() {
    // printf 'tracery-layout 1 word=4 order=big\nname: x\n' | sha256sum
    assertEquals(
        "babcfba3d884bd70a3684e320dcca1a5fcebc2a1b88ecbb982800bd4c8837f9f",
        CanonicalForm.hash(bytes("name: x\nID: 7\n"), BIG_32).hex());
  }

  @Test
  void it_tells_the_target_that_it_was_made_for() {
    for (WordSize wordSize : WordSize.values()) {
      for (ByteOrder byteOrder : ByteOrder.values()) {
        Target target = new Target(wordSize, byteOrder);
        assertEquals(target, CanonicalForm.target(CanonicalForm.of(bytes("name: x\n"), target)));
      }
    }
    assertThrows(
        IllegalArgumentException.class, () -> CanonicalForm.target(bytes("name: x\nID: 1\n")));
  }

  private static String form(String format) {
    return new String(CanonicalForm.of(bytes(format), Target.LITTLE_64), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
