package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.gson.JsonParser;
import dev.tracery.render.TextBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class JsonTextTest {

  private final JsonText text = new JsonText();

  private static String written(Consumer<TextBuffer> by) {
    TextBuffer out = new TextBuffer();
    by.accept(out);
    return out.toString();
  }

  private String signed(long value) {
    return written(out -> text.signed(value, out));
  }

  private String unsigned(long value) {
    return written(out -> text.unsigned(value, out));
  }

  private String string(String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return written(out -> text.string(bytes, 0, bytes.length, out));
  }

  private String base64(byte[] bytes) {
    return written(out -> text.base64(bytes, 0, bytes.length, out));
  }

  @Test
  void integers_are_numbers_up_to_what_a_double_holds_exactly_and_strings_beyond() {
    assertEquals("0", signed(0));
    assertEquals("-1", signed(-1));
    assertEquals("9007199254740991", signed((1L << 53) - 1));
    assertEquals("\"9007199254740992\"", signed(1L << 53));
    assertEquals("-9007199254740991", signed(1 - (1L << 53)));
    assertEquals("\"-9007199254740992\"", signed(-(1L << 53)));
    assertEquals("\"9223372036854775807\"", signed(Long.MAX_VALUE));
    assertEquals("\"-9223372036854775808\"", signed(Long.MIN_VALUE));
    assertEquals("9007199254740991", unsigned((1L << 53) - 1));
    assertEquals("\"9007199254740992\"", unsigned(1L << 53));
    assertEquals("\"9223372036854775808\"", unsigned(Long.MIN_VALUE));
    assertEquals("\"18446744073709551615\"", unsigned(-1));
  }

  @Test
  void random_integers_are_what_java_prints() {
    Random random = new Random(1411);
    for (int i = 0; i < 100_000; i++) {
      long value = random.nextLong() >> random.nextInt(64);
      assertEquals(Long.toString(value), signed(value).replace("\"", ""));
      assertEquals(Long.toUnsignedString(value), unsigned(value).replace("\"", ""));
    }
  }

  @Test
  void strings_escape_quotes_backslashes_and_control_characters_only() {
    assertEquals(
        "\"a\\\"b\\\\c\\n\\r\\t\\b\\f\\u0000\\u0001\\u001f\u007f/é€😀\u2028\"",
        string("a\"b\\c\n\r\t\b\f\0\u0001\u001f\u007f/é€😀\u2028"));
    assertEquals("\"\"", string(""));
  }

  @Test
  void random_strings_are_read_again_by_another_parser() {
    Random random = new Random(1412);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder value = new StringBuilder();
      for (int n = random.nextInt(20); n > 0; n--) {
        int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x11_0000);
        value.appendCodePoint(c >= 0xd800 && c < 0xe000 ? '"' : c);
      }
      assertEquals(
          value.toString(), JsonParser.parseString(string(value.toString())).getAsString());
    }
  }

  @Test
  void bytes_are_base64_with_padding() {
    Random random = new Random(1413);
    for (int length = 0; length < 300; length++) {
      byte[] bytes = new byte[length];
      random.nextBytes(bytes);
      assertEquals('"' + Base64.getEncoder().encodeToString(bytes) + '"', base64(bytes));
    }
  }
}
