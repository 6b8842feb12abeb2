package dev.tracery.render;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// An event for one test: its fields with the values of one record, and a print format.
final class TestEvent {

  static final EventName NAME = new EventName("test", "event");

  /// What an event may hold before its dynamic arrays.
  private static final int FIXED = 512;

  private final Target target;
  private final StringBuilder lines = new StringBuilder();
  private final ByteBuffer record = ByteBuffer.allocate(4096);
  private final RenderNotes notes = new RenderNotes();
  private KernelTables tables = KernelTables.NONE;
  private int fixedEnd = 8;
  private int dynamicEnd = FIXED;

  private TestEvent(Target target) {
    this.target = target;
    record.order(
        target.byteOrder() == ByteOrder.LITTLE_ENDIAN
            ? java.nio.ByteOrder.LITTLE_ENDIAN
            : java.nio.ByteOrder.BIG_ENDIAN);
    record.putShort(0, (short) 1).putInt(4, 42);
  }

  /// Of a 64-bit kernel, little-endian.
  static TestEvent event() {
    return new TestEvent(Target.LITTLE_64);
  }

  /// Of a 32-bit kernel, little-endian.
  static TestEvent event32() {
    return new TestEvent(new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN));
  }

  /// Of a 64-bit kernel, big-endian.
  static TestEvent eventBig() {
    return new TestEvent(new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN));
  }

  TestEvent with(KernelTables tables) {
    this.tables = tables;
    return this;
  }

  TestEvent flags(int commonFlags) {
    record.put(2, (byte) commonFlags);
    return this;
  }

  private int place(int size) {
    int at = (fixedEnd + size - 1) / size * size;
    fixedEnd = at + size;
    return at;
  }

  private void line(String declaration, int at, int size, boolean signed) {
    lines.append(
        "\tfield:%s;\toffset:%d;\tsize:%d;\tsigned:%d;\n"
            .formatted(declaration, at, size, signed ? 1 : 0));
  }

  private TestEvent integer(String declaration, int size, boolean signed, long value) {
    int at = place(size);
    switch (size) {
      case 1 -> record.put(at, (byte) value);
      case 2 -> record.putShort(at, (short) value);
      case 4 -> record.putInt(at, (int) value);
      default -> record.putLong(at, value);
    }
    line(declaration, at, size, signed);
    return this;
  }

  TestEvent s8(String name, long value) {
    return integer("s8 " + name, 1, true, value);
  }

  TestEvent u8(String name, long value) {
    return integer("u8 " + name, 1, false, value);
  }

  TestEvent s16(String name, long value) {
    return integer("s16 " + name, 2, true, value);
  }

  TestEvent u16(String name, long value) {
    return integer("u16 " + name, 2, false, value);
  }

  TestEvent s32(String name, long value) {
    return integer("int " + name, 4, true, value);
  }

  TestEvent u32(String name, long value) {
    return integer("unsigned int " + name, 4, false, value);
  }

  TestEvent s64(String name, long value) {
    return integer("s64 " + name, 8, true, value);
  }

  TestEvent u64(String name, long value) {
    return integer("u64 " + name, 8, false, value);
  }

  TestEvent word(String declaration, long value) {
    return integer(declaration, target.wordSize().bytes(), declaration.startsWith("long"), value);
  }

  TestEvent bytes(String declaration, int... values) {
    int at = fixedEnd;
    fixedEnd += values.length;
    for (int i = 0; i < values.length; i++) {
      record.put(at + i, (byte) values[i]);
    }
    line(
        declaration,
        at,
        values.length,
        declaration.startsWith("char") || declaration.startsWith("int"));
    return this;
  }

  /// A fixed `char` array.
  TestEvent text(String name, int size, String value) {
    int at = fixedEnd;
    fixedEnd += size;
    record.put(at, value.getBytes(StandardCharsets.UTF_8));
    line("char " + name + "[" + size + "]", at, size, true);
    return this;
  }

  TestEvent dynamic(String type, String name, byte[] value) {
    int at = place(4);
    dynamicEnd = (dynamicEnd + 7) / 8 * 8;
    record.putInt(at, value.length << 16 | dynamicEnd);
    record.put(dynamicEnd, value);
    dynamicEnd += value.length;
    line("__data_loc " + type + "[] " + name, at, 4, type.equals("char"));
    return this;
  }

  TestEvent relative(String type, String name, byte[] value) {
    int at = place(4);
    dynamicEnd = (dynamicEnd + 7) / 8 * 8;
    record.putInt(at, value.length << 16 | (dynamicEnd - at - 4));
    record.put(dynamicEnd, value);
    dynamicEnd += value.length;
    line("__rel_loc " + type + " " + name + "[]", at, 4, type.equals("char"));
    return this;
  }

  TestEvent string(String name, String value) {
    return dynamic("char", name, (value + "\0").getBytes(StandardCharsets.UTF_8));
  }

  Layout layout(String printFormat) {
    String text =
        """
        name: event
        ID: 1
        format:
        \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
        \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
        \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
        \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

        %s
        print fmt: %s
        """
            .formatted(lines, printFormat);
    FormatCompiler.Result result =
        new FormatCompiler().compile("format", text.getBytes(StandardCharsets.UTF_8), target);
    return result
        .layout()
        .orElseThrow(() -> new AssertionError(result.diagnostics() + "\n" + text));
  }

  /// What the print format makes of the record, at an odd place among other bytes.
  String render(String printFormat) {
    Layout layout = layout(printFormat);
    byte[] bytes = new byte[dynamicEnd + 26];
    System.arraycopy(record.array(), 0, bytes, 13, dynamicEnd);
    TextBuffer out = new TextBuffer(4);
    out.put('<');
    EventRenderers renderers = new EventRenderers(target, tables, notes);
    renderers.of(NAME, layout).render(bytes, 13, dynamicEnd, out);
    return out.toString().substring(1);
  }

  /// The record up to the end of its fixed fields.
  byte[] fixedBytes() {
    return Arrays.copyOf(record.array(), fixedEnd);
  }

  /// Why it could not be evaluated.
  List<String> notes() {
    return new ArrayList<>(notes.reasons().values());
  }
}
