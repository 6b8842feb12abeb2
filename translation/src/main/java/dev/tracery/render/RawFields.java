package dev.tracery.render;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.model.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes an event's own fields in the format's order, as the kernel's option `fields` does
/// (kernel/trace/trace_output.c, print_fields): integers as `pid=0x1c (28)`, strings as they are,
/// arrays as bytes in hexadecimal. What lies outside of the record is told so.
final class RawFields implements EventRenderer {

  private final Field[] fields;
  private final byte[][] heads;
  private final boolean little;
  private final KernelTables tables;

  RawFields(Layout layout, KernelTables tables) {
    this.fields = layout.fields().toArray(Field[]::new);
    this.heads = new byte[fields.length][];
    for (int i = 0; i < fields.length; i++) {
      String head = (i == 0 ? "" : " ") + fields[i].name() + "=";
      heads[i] = head.getBytes(StandardCharsets.UTF_8);
    }
    this.little = layout.target().byteOrder() == ByteOrder.LITTLE_ENDIAN;
    this.tables = tables;
  }

  @Override
  public void render(byte[] bytes, int offset, int length, TextBuffer out) {
    for (int i = 0; i < fields.length; i++) {
      out.put(heads[i]);
      field(fields[i], bytes, offset, length, out);
    }
  }

  private void field(Field field, byte[] bytes, int offset, int length, TextBuffer out) {
    if (field.end() > length) {
      out.put("(cut off)");
      return;
    }
    int at = field.offset();
    int size = field.size();
    switch (field.placement()) {
      case REST -> size = length - at;
      case DATA_LOC, REL_LOC -> {
        long word = load(bytes, offset + at, Math.min(4, size));
        int base = field.placement() == Placement.REL_LOC ? field.end() : 0;
        at = base + (int) (word & 0xffff);
        size = field.size() == 2 ? Math.max(0, length - at) : (int) (word >>> 16);
        if (at + size > length) {
          out.put("(outside of the record)");
          return;
        }
      }
      case FIXED -> {}
    }
    value(field, bytes, offset + at, size, out);
  }

  private void value(Field field, byte[] bytes, int at, int size, TextBuffer out) {
    FieldKind kind = field.kind();
    if (kind == FieldKind.STRING) {
      int end = 0;
      while (end < size && bytes[at + end] != 0) {
        end++;
      }
      out.put(bytes, at, end);
    } else if (kind.isInteger() || kind == FieldKind.BOOL) {
      integer(field, load(bytes, at, size), out);
    } else {
      for (int i = 0; i < size; i++) {
        if (i != 0) {
          out.put(',');
        }
        out.hex(bytes[at + i], 2);
      }
    }
  }

  private void integer(Field field, long value, TextBuffer out) {
    int unused = 64 - 8 * field.size();
    out.put('0');
    out.put('x');
    out.hex(value);
    byte[] text = field.cType().contains("char *") ? tables.strings().at(value) : null;
    if (text != null) {
      out.put(' ');
      out.put('(');
      out.put(text);
      out.put(')');
    } else if (field.kind() == FieldKind.SIGNED) {
      out.put(' ');
      out.put('(');
      out.decimal(value << unused >> unused);
      out.put(')');
    } else if (field.cType().indexOf('*') < 0) {
      out.put(' ');
      out.put('(');
      out.unsigned(value);
      out.put(')');
    }
  }

  private long load(byte[] bytes, int at, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      long one = bytes[little ? at + size - 1 - i : at + i] & 0xff;
      value = value << 8 | one;
    }
    return value;
  }
}
