package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The strings of a print format, which have addresses.
final class Constants {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  /// A string, with the NUL after it.
  Operand string(String value, CType plainChar) {
    byte[] text = value.getBytes(StandardCharsets.UTF_8);
    Node node = new Literal(Address.of(Address.CONSTANTS, bytes.size()), untilNul(text));
    bytes.writeBytes(text);
    bytes.write(0);
    return new Operand(new CType.Array(plainChar, text.length + 1), node, false, node);
  }

  /// All of them.
  byte[] bytes() {
    return bytes.toByteArray();
  }

  static byte[] untilNul(byte[] text) {
    for (int i = 0; i < text.length; i++) {
      if (text[i] == 0) {
        return Arrays.copyOf(text, i);
      }
    }
    return text;
  }

  /// A string whose text is known at once.
  record Literal(long address, byte[] text) implements Node {
    @Override
    public long eval(Frame frame) {
      return address;
    }

    @Override
    public void write(Frame frame, TextBuffer out) {
      out.put(text);
    }
  }
}
