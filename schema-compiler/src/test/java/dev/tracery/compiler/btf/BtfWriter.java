package dev.tracery.compiler.btf;

import dev.tracery.model.ByteOrder;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/// Writes raw BTF, type by type. Ids count from 1.
final class BtfWriter {

  static final int SIGNED = 1 << 24;
  static final int BOOL = 4 << 24;

  private final boolean big;
  private final ByteArrayOutputStream types = new ByteArrayOutputStream();
  private final ByteArrayOutputStream texts = new ByteArrayOutputStream();
  private int count;

  BtfWriter(ByteOrder order) {
    big = order == ByteOrder.BIG_ENDIAN;
    texts.write(0);
  }

  int integer(String name, int size, int encoding) {
    return type(1, false, name, 0, size, encoding | 8 * size);
  }

  int pointer(int target) {
    return type(2, false, "", 0, target);
  }

  int array(int element, int count) {
    return type(3, false, "", 0, 0, element, 0, count);
  }

  /// @param members name, type and bit offset of each, as the file has them
  int struct(String name, int size, Object... members) {
    return composite(4, false, name, size, members);
  }

  /// @param kind 4 for a struct, 5 for a union
  /// @param bitfields whether the offsets' highest bytes are sizes of bitfields
  int composite(int kind, boolean bitfields, String name, int size, Object... members) {
    int id = type(kind, bitfields, name, members.length / 3, size);
    for (int i = 0; i < members.length; i += 3) {
      u32(types, text((String) members[i]));
      u32(types, (int) members[i + 1]);
      u32(types, (int) members[i + 2]);
    }
    return id;
  }

  int typedef(String name, int target) {
    return type(8, false, name, 0, target);
  }

  /// @param kind 9 `volatile`, 10 `const`, 11 `restrict`, 18 a tag
  int qualifier(int kind, int target) {
    return type(kind, false, kind == 18 ? "user" : "", 0, target);
  }

  int function(String name, int prototype) {
    return type(12, false, name, 0, prototype);
  }

  /// @param parameters name and type of each
  int prototype(int returns, Object... parameters) {
    int id = type(13, false, "", parameters.length / 2, returns);
    for (int i = 0; i < parameters.length; i += 2) {
      u32(types, text((String) parameters[i]));
      u32(types, (int) parameters[i + 1]);
    }
    return id;
  }

  /// Any type.
  ///
  /// @param words what follows the first 12 bytes
  int type(int kind, boolean flag, String name, int vlen, int sizeOrType, int... words) {
    u32(types, text(name));
    u32(types, (flag ? 1 << 31 : 0) | kind << 24 | vlen);
    u32(types, sizeOrType);
    for (int word : words) {
      u32(types, word);
    }
    return ++count;
  }

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(big ? 0xeb : 0x9f);
    out.write(big ? 0x9f : 0xeb);
    out.write(1);
    out.write(0);
    u32(out, 24);
    u32(out, 0);
    u32(out, types.size());
    u32(out, types.size());
    u32(out, texts.size());
    out.writeBytes(types.toByteArray());
    out.writeBytes(texts.toByteArray());
    return out.toByteArray();
  }

  private int text(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    int at = texts.size();
    texts.writeBytes(text.getBytes(StandardCharsets.UTF_8));
    texts.write(0);
    return at;
  }

  private void u32(ByteArrayOutputStream out, int value) {
    for (int i = 0; i < 4; i++) {
      out.write(value >>> 8 * (big ? 3 - i : i));
    }
  }
}
