package dev.tracery.translate;

import dev.tracery.model.ByteOrder;
import dev.tracery.render.TextBuffer;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.TraceBuffer;
import dev.tracery.trace.TraceContent;
import dev.tracery.translator.Utf8;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/// Writes records as JSON, one object a line:
///
///     {"timestamp":771336926000,"cpu":0,"event":"sched/sched_waking","comm":"sh","flags":0,
///      "preempt_count":4,"pid":1537,"message":{"comm":"trace-cmd","pid":1535,…}}
///
/// (in one line). `message` is the event's message by protobuf's JSON mapping, so that a parser of
/// that reads it: fields have the names that the kernel gave them, and those with their default
/// value are there too. An integer is a number where a `double` holds it exactly, else a string;
/// bytes are base64. `comm` is there where it is known, `buffer` where the trace has several, and
/// `lost_before` where events were lost between the record and the one before it on its CPU: how
/// many, or -1 if that is not known. The other keys are the common fields.
///
/// Not thread-safe. Allocates nothing per record.
public final class JsonWriter {

  private static final byte[] TIMESTAMP = utf8("{\"timestamp\":");
  private static final byte[] CPU = utf8(",\"cpu\":");
  private static final byte[] COMM = utf8(",\"comm\":");
  private static final byte[] LOST = utf8(",\"lost_before\":");
  private static final byte[] MESSAGE = utf8(",\"message\":{");
  private static final byte[] END = utf8("}}\n");

  private final boolean bigEndian;
  private final byte[][] buffers;
  private final IntFunction<byte @Nullable []> commandNames;
  private final JsonText text = new JsonText();
  private final JsonMessage messages = new JsonMessage(text);
  private @Nullable JsonShape[] shapes = new @Nullable JsonShape[0];
  private byte[] name = new byte[64];

  /// @param commandNames the name of a process by its pid, for records of which the cursor does not
  ///   know it; null where it is not known
  public JsonWriter(TraceContent content, IntFunction<byte @Nullable []> commandNames) {
    this.bigEndian = content.target().byteOrder() == ByteOrder.BIG_ENDIAN;
    this.buffers = buffers(content.buffers());
    this.commandNames = commandNames;
  }

  private static byte[][] buffers(List<TraceBuffer> buffers) {
    if (buffers.size() < 2) {
      return new byte[0][];
    }
    JsonText text = new JsonText();
    return buffers.stream()
        .map(buffer -> {
          TextBuffer out = new TextBuffer();
          out.put(",\"buffer\":");
          byte[] name = utf8(buffer.name());
          text.string(name, 0, name.length, out);
          return Arrays.copyOf(out.array(), out.length());
        })
        .toArray(byte[][]::new);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Appends one record's line, with its line feed.
  ///
  /// @param record stands at the record
  /// @param type its event
  /// @param message holds what [EventType#translator] made of the record
  /// @param offset where the message begins
  /// @param length how many bytes it has
  public void write(
      RecordCursor record, EventType type, byte[] message, int offset, int length, TextBuffer out) {
    JsonShape shape = shape(type);
    out.put(TIMESTAMP);
    text.unsigned(record.timestamp(), out);
    out.put(CPU);
    text.signed(record.cpu(), out);
    if (record.buffer() < buffers.length) {
      out.put(buffers[record.buffer()]);
    }
    out.put(shape.name());
    envelope(record, shape, out);
    if (record.lostBefore() != 0) {
      out.put(LOST);
      text.signed(record.lostBefore(), out);
    }
    out.put(MESSAGE);
    messages.write(shape.fields(), message, offset, offset + length, out);
    out.put(END);
  }

  private JsonShape shape(EventType type) {
    int id = type.id();
    if (id >= shapes.length) {
      shapes = Arrays.copyOf(shapes, Math.max(id + 1, shapes.length * 2));
    }
    JsonShape shape = shapes[id];
    if (shape == null || shape.type() != type) {
      shape = JsonShape.of(type);
      shapes[id] = shape;
    }
    return shape;
  }

  private void envelope(RecordCursor record, JsonShape shape, TextBuffer out) {
    byte[] known = record.commandName();
    byte[] bytes = record.bytes();
    for (int i = 0; i < shape.common().size(); i++) {
      JsonShape.Common field = shape.common().get(i);
      if (field.offset() + field.size() > record.length()) {
        continue;
      }
      long value = integer(bytes, record.offset() + field.offset(), field.size());
      out.put(field.key());
      if (field.signed()) {
        int unused = 64 - 8 * field.size();
        value = value << unused >> unused;
        text.signed(value, out);
      } else {
        text.unsigned(value, out);
      }
      if (field.pid() && known == null) {
        known = commandNames.apply((int) value);
      }
    }
    if (known != null) {
      out.put(COMM);
      comm(known, out);
    }
  }

  private void comm(byte[] bytes, TextBuffer out) {
    if (name.length < bytes.length * Utf8.MAX_GROWTH) {
      name = new byte[bytes.length * Utf8.MAX_GROWTH];
    }
    text.string(name, 0, Utf8.copy(bytes, 0, bytes.length, name, 0), out);
  }

  private long integer(byte[] bytes, int from, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value |= (bytes[from + i] & 0xffL) << 8 * (bigEndian ? size - 1 - i : i);
    }
    return value;
  }
}
