package dev.tracery.translate.guard;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/// Whether bytes are a well-formed message of a schema version: every field is one of the schema's,
/// in the form that its kind has on the wire, and whole. What the values mean is not looked at.
/// Thread-safe.
public final class MessageCheck {

  private static final int VARINT = 0;
  private static final int LENGTH_DELIMITED = 2;
  private static final int LONGEST_VARINT = 10;

  private final Map<Integer, SchemaField> fields = new HashMap<>();

  public MessageCheck(SchemaVersion schema) {
    for (SchemaField field : schema.fields()) {
      fields.put(field.number(), field);
    }
  }

  /// What is wrong; empty for nothing.
  public String problem(byte[] message) {
    Walk walk = new Walk(message);
    while (walk.at < message.length) {
      int start = walk.at;
      String problem = field(walk);
      if (!problem.isEmpty()) {
        return "at byte " + start + ": " + problem;
      }
    }
    return "";
  }

  private String field(Walk walk) {
    if (!walk.varint(walk.bytes.length)) {
      return "a tag is cut or too long";
    }
    long tag = walk.value;
    SchemaField field = tag >>> 3 <= Integer.MAX_VALUE ? fields.get((int) (tag >>> 3)) : null;
    if (field == null) {
      return "the schema has no field " + (tag >>> 3);
    }
    int wire = (int) (tag & 7);
    boolean scalar = field.kind().isInteger() || field.kind() == FieldKind.BOOL;
    if (wire == VARINT && (scalar || field.kind().isRepeated())) {
      return walk.varint(walk.bytes.length) ? "" : field.protoName() + " is cut or too long";
    }
    if (wire != LENGTH_DELIMITED || scalar) {
      return field.protoName() + " has the wire type " + wire;
    }
    if (!walk.varint(walk.bytes.length)
        || walk.value < 0
        || walk.value > walk.bytes.length - walk.at) {
      return field.protoName() + " is longer than the message";
    }
    int end = walk.at + (int) walk.value;
    if (field.kind() == FieldKind.STRING && !isText(walk.bytes, walk.at, (int) walk.value)) {
      return field.protoName() + " is not UTF-8";
    }
    if (field.kind().isRepeated()) {
      while (walk.at < end) {
        if (!walk.varint(end)) {
          return field.protoName() + " has a number that is cut or too long";
        }
      }
    }
    walk.at = end;
    return "";
  }

  private static boolean isText(byte[] bytes, int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
      return true;
    } catch (CharacterCodingException _) {
      return false;
    }
  }

  private static final class Walk {
    final byte[] bytes;
    int at;
    long value;

    Walk(byte[] bytes) {
      this.bytes = bytes;
    }

    boolean varint(int end) {
      value = 0;
      for (int i = 0; i < LONGEST_VARINT && at < end; i++) {
        byte next = bytes[at++];
        value |= (long) (next & 0x7f) << 7 * i;
        if (next >= 0) {
          return true;
        }
      }
      return false;
    }
  }
}
