package dev.tracery.translate;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.render.TextBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes the fields of a protobuf message as JSON, straight from its bytes. Not thread-safe.
final class JsonMessage {

  private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
  private static final int VARINT = 0;
  private static final int BLOCK = 2;

  private final JsonText text;
  private byte[] bytes = new byte[0];
  private int at;
  private int end;

  JsonMessage(JsonText text) {
    this.text = text;
  }

  /// Appends the fields, without braces. What is in the message but not among the fields, or not of
  /// the field's type, is left out.
  ///
  /// @param fields by number, as those of the message are
  void write(List<JsonField> fields, byte[] message, int from, int to, TextBuffer out) {
    bytes = message;
    at = from;
    end = to;
    int next = 0;
    int begin = out.length();
    while (at < end) {
      int tag = (int) varint(end);
      int number = tag >>> 3;
      int wire = tag & 7;
      while (next < fields.size() && fields.get(next).number() < number) {
        absent(fields.get(next++), begin, out);
      }
      boolean known =
          next < fields.size()
              && fields.get(next).number() == number
              && wire(fields.get(next).kind()) == wire;
      if (known) {
        key(fields.get(next), begin, out);
        value(fields.get(next++).kind(), out);
      } else {
        skip(wire);
      }
    }
    while (next < fields.size()) {
      absent(fields.get(next++), begin, out);
    }
  }

  private static int wire(FieldKind kind) {
    return switch (kind) {
      case SIGNED, UNSIGNED, BOOL -> VARINT;
      case STRING, BYTES, SIGNED_ARRAY, UNSIGNED_ARRAY, BITMASK -> BLOCK;
    };
  }

  private static void absent(JsonField field, int begin, TextBuffer out) {
    if (field.filled()) {
      key(field, begin, out);
      out.put(field.absent());
    }
  }

  private static void key(JsonField field, int begin, TextBuffer out) {
    if (out.length() > begin) {
      out.put(',');
    }
    out.put(field.key());
  }

  private void value(FieldKind kind, TextBuffer out) {
    switch (kind) {
      case SIGNED -> text.signed(varint(end), out);
      case UNSIGNED -> text.unsigned(varint(end), out);
      case BOOL -> out.put(varint(end) == 0 ? FALSE : TRUE);
      case STRING -> {
        int to = blockEnd();
        text.string(bytes, at, to, out);
        at = to;
      }
      case BYTES -> {
        int to = blockEnd();
        text.base64(bytes, at, to, out);
        at = to;
      }
      case SIGNED_ARRAY -> array(true, out);
      case UNSIGNED_ARRAY, BITMASK -> array(false, out);
    }
  }

  private void array(boolean signed, TextBuffer out) {
    int to = blockEnd();
    out.put('[');
    for (int first = at; at < to; ) {
      if (at > first) {
        out.put(',');
      }
      if (signed) {
        text.signed(varint(to), out);
      } else {
        text.unsigned(varint(to), out);
      }
    }
    out.put(']');
  }

  private void skip(int wire) {
    switch (wire) {
      case VARINT -> varint(end);
      case BLOCK -> at = blockEnd();
      // Why: no plan has other wire types, and a translator that writes them is wrong.
      default -> at = end;
    }
  }

  /// Where the block ends whose length is next; never after the message.
  private int blockEnd() {
    long length = varint(end);
    return length < 0 || length > end - at ? end : at + (int) length;
  }

  private long varint(int limit) {
    long value = 0;
    for (int shift = 0; at < limit; shift += 7) {
      byte b = bytes[at++];
      value |= (b & 0x7fL) << shift;
      if (b >= 0) {
        break;
      }
    }
    return value;
  }
}
