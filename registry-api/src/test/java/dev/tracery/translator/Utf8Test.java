package dev.tracery.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Utf8Test {

  /// Malformed text, and what Python 3.11 makes of it: `bytes.decode('utf-8', 'replace')`.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "636166c3a9 636166c3a9",
        "c0af efbfbdefbfbd",
        "e080af efbfbdefbfbdefbfbd",
        "eda080 efbfbdefbfbdefbfbd",
        "f4919293ff efbfbdefbfbdefbfbdefbfbdefbfbd",
        "41f09f988042 41f09f988042",
        "f09f98 efbfbd",
        "e180e2f09192f1bf41 efbfbdefbfbdefbfbdefbfbd41",
        "ff efbfbd",
        "8080 efbfbdefbfbd",
        "f0808041 efbfbdefbfbdefbfbd41",
        "e282ace282 e282acefbfbd",
        "f888808080 efbfbdefbfbdefbfbdefbfbdefbfbd",
        "c2 efbfbd",
        "efbfbd efbfbd"
      })
  void malformed_sequences_are_replaced_as_python_does(String pair) {
    String[] texts = pair.split(" ");
    assertEquals(texts[1], HexFormat.of().formatHex(valid(HexFormat.of().parseHex(texts[0]))));
  }

  @Test
  void random_bytes_without_surrogates_become_what_java_decodes() {
    Random random = new Random(20_261_123);
    for (int i = 0; i < 200_000; i++) {
      byte[] bytes = new byte[random.nextInt(12)];
      for (int k = 0; k < bytes.length; k++) {
        bytes[k] =
            (byte) (random.nextInt(4) == 0 ? random.nextInt(128) : 0x80 + random.nextInt(128));
        if (bytes[k] == (byte) 0xed) {
          bytes[k] = (byte) 0xee;
        }
      }
      byte[] expected = new String(bytes, StandardCharsets.UTF_8).getBytes(StandardCharsets.UTF_8);
      assertEquals(
          HexFormat.of().formatHex(expected),
          HexFormat.of().formatHex(valid(bytes)),
          () -> HexFormat.of().formatHex(bytes));
    }
  }

  private static byte[] valid(byte[] bytes) {
    byte[] out = new byte[Utf8.MAX_GROWTH * bytes.length];
    int end = Utf8.copy(bytes, 0, bytes.length, out, 0);
    assertEquals(end, Utf8.validLength(bytes, 0, bytes.length));
    return Arrays.copyOf(out, end);
  }
}
