package dev.tracery.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TypeCacheTest {

  private final TypeCache cache = new TypeCache(_ -> -1);

  @Test
  void types_are_remembered_but_not_texts_as_long_as_a_file_can_be() {
    assertSame(read("unsigned long"), read("unsigned long"));
    String endless = "const ".repeat(100_000) + "int";
    assertEquals(read(endless), read(endless));
    assertNotSame(read(endless), read(endless));
  }

  private DeclaredType read(String type) {
    byte[] text = type.getBytes(StandardCharsets.US_ASCII);
    return Objects.requireNonNull(cache.get(text, 0, text.length, text.length, text.length));
  }
}
