package dev.tracery.compiler.btf;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Raw BTF: a header, the types one after the other, and the texts that they name. Where each type
/// lies is found out at once, what it says when it is asked for. Immutable.
final class BtfFile {

  private static final int MAGIC = 0xeb9f;
  private static final int HEADER_BYTES = 24;
  private static final int TYPE_BYTES = 12;
  private static final int MAX_NAME = 1024;
  private static final String MODULE_HINT =
      "give the kernel's own BTF, /sys/kernel/btf/vmlinux; that of a module needs it beneath";

  private static final ValueLayout.OfInt BIG_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfInt LITTLE_INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(java.nio.ByteOrder.LITTLE_ENDIAN);

  private final String name;
  private final byte[] bytes;
  private final MemorySegment memory;
  private final ByteOrder order;
  private final ValueLayout.OfInt ints;
  private final int texts;
  private final int textsLength;
  private final int[] places;

  /// Finds where the types lie.
  ///
  /// @param name the file, as diagnostics are to name it
  /// @param bytes not copied
  /// @throws BtfDamage if this is no BTF, or its structure is damaged
  BtfFile(String name, byte[] bytes) throws BtfDamage {
    this.name = name;
    this.bytes = bytes;
    this.memory = MemorySegment.ofArray(bytes);
    this.order = order();
    this.ints = order == ByteOrder.BIG_ENDIAN ? BIG_INT : LITTLE_INT;
    if (bytes.length < HEADER_BYTES) {
      throw damage(
          BtfCode.BTF_TRUNCATED,
          bytes.length,
          "ends within the header of " + HEADER_BYTES + " bytes",
          "");
    }
    if (bytes[2] != 1) {
      throw damage(
          BtfCode.BTF_VERSION_UNSUPPORTED,
          2,
          "expected version 1 of BTF but found " + (bytes[2] & 0xff),
          "");
    }
    long header = u32(4);
    if (header < HEADER_BYTES || header > bytes.length) {
      throw damage(
          BtfCode.BTF_DAMAGED,
          4,
          "expected a header of "
              + HEADER_BYTES
              + " to "
              + bytes.length
              + " bytes but it says "
              + header,
          "");
    }
    int typesLength = section("the types", header, 8);
    this.textsLength = section("the texts", header, 16);
    int types = (int) (header + u32(8));
    this.texts = (int) (header + u32(16));
    if (textsLength == 0 || bytes[texts + textsLength - 1] != 0) {
      throw damage(BtfCode.BTF_DAMAGED, texts, "the texts do not end with a NUL", "");
    }
    if (bytes[texts] != 0) {
      // Why: `btf_parse_str_sec` in kernel/bpf/btf.c; only texts that continue another's begin so.
      throw damage(
          BtfCode.BTF_IS_SPLIT,
          texts,
          "the texts do not begin with an empty one, so this is a module's BTF",
          MODULE_HINT);
    }
    this.places = places(types, types + typesLength);
  }

  private ByteOrder order() throws BtfDamage {
    int first = bytes.length < 2 ? 0 : (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
    if (first == MAGIC) {
      return ByteOrder.BIG_ENDIAN;
    }
    if (first == (Short.reverseBytes((short) MAGIC) & 0xffff)) {
      return ByteOrder.LITTLE_ENDIAN;
    }
    boolean elf =
        bytes.length > 4
            && bytes[0] == 0x7f
            && bytes[1] == 'E'
            && bytes[2] == 'L'
            && bytes[3] == 'F';
    throw damage(
        BtfCode.BTF_NOT_RECOGNISED,
        0,
        elf
            ? "is an ELF file: expected raw BTF, which begins with the bytes eb 9f or 9f eb"
            : "expected raw BTF, which begins with the bytes eb 9f or 9f eb",
        elf ? "take the BTF out of it: objcopy --dump-section .BTF=vmlinux.btf FILE" : "");
  }

  /// Checks a section of which offset and length stand at `at`.
  ///
  /// @return its length
  private int section(String what, long header, int at) throws BtfDamage {
    long offset = u32(at);
    long length = u32(at + 4);
    if (header + offset + length > bytes.length) {
      throw damage(
          BtfCode.BTF_TRUNCATED,
          at,
          what
              + " are said to end at byte "
              + (header + offset + length)
              + " but the file ends at byte "
              + bytes.length,
          "");
    }
    return (int) length;
  }

  /// Walks over the types. Type 0 is `void` and lies nowhere.
  private int[] places(int from, int to) throws BtfDamage {
    int[] found = new int[Math.max(16, (to - from) / (2 * TYPE_BYTES))];
    int count = 1;
    int at = from;
    while (at < to) {
      if (to - at < TYPE_BYTES) {
        throw damage(BtfCode.BTF_TRUNCATED, at, "the types end within type " + count, "");
      }
      int number = kindNumber(at);
      if (number == 0 || number >= BtfKind.count()) {
        throw damage(
            number == 0 ? BtfCode.BTF_DAMAGED : BtfCode.BTF_VERSION_UNSUPPORTED,
            at + 4,
            "type "
                + count
                + " is of kind "
                + number
                + "; this program knows the kinds 1 to "
                + (BtfKind.count() - 1),
            "");
      }
      int more = BtfKind.of(number).bytes(vlen(at));
      if (more > to - at - TYPE_BYTES) {
        throw damage(
            BtfCode.BTF_TRUNCATED,
            at,
            "type "
                + count
                + " needs "
                + more
                + " bytes more but the types end after "
                + (to - at - TYPE_BYTES),
            "");
      }
      if (count == found.length) {
        found = Arrays.copyOf(found, 2 * count);
      }
      found[count++] = at;
      at += TYPE_BYTES + more;
    }
    return Arrays.copyOf(found, count);
  }

  ByteOrder byteOrder() {
    return order;
  }

  /// How many types there are, with type 0.
  int typeCount() {
    return places.length;
  }

  /// What kind of type it is, without reading it.
  ///
  /// @param id from 1, less than [#typeCount]
  BtfKind kind(int id) {
    return BtfKind.of(kindNumber(places[id]));
  }

  /// Whether the name of a type begins with `prefix`, in ASCII.
  boolean isNamed(int id, byte[] prefix) {
    long offset = u32(places[id]);
    if (offset + prefix.length > textsLength) {
      return false;
    }
    int from = texts + (int) offset;
    return Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }

  /// Where a type lies in the file.
  SourceLocation where(int id) {
    return at(places[id]);
  }

  /// A type.
  ///
  /// @param id from 1
  /// @throws BtfDamage if there is no such type, or it is damaged
  BtfType type(int id) throws BtfDamage {
    int at = places[id];
    boolean flag = bytes[order == ByteOrder.BIG_ENDIAN ? at + 4 : at + 7] < 0;
    int value = at + 8;
    return switch (kind(id)) {
      case VOID -> throw new AssertionError("no place has it");
      case INT -> integer(at);
      case PTR -> new BtfType.Pointer(reference(value));
      case ARRAY -> new BtfType.Array(reference(at + 12), u32(at + 20));
      case STRUCT -> new BtfType.Composite("struct", text(at), u32(value), members(at, flag));
      case UNION -> new BtfType.Composite("union", text(at), u32(value), members(at, flag));
      case ENUM, ENUM64 -> new BtfType.Enumeration(text(at), size(value), flag);
      case FWD -> new BtfType.Forward(flag ? "union" : "struct", text(at));
      case TYPEDEF -> new BtfType.Typedef(text(at), reference(value));
      case VOLATILE -> new BtfType.Qualifier("volatile", reference(value));
      case CONST -> new BtfType.Qualifier("const", reference(value));
      case RESTRICT -> new BtfType.Qualifier("restrict", reference(value));
      case TYPE_TAG -> new BtfType.Qualifier("", reference(value));
      case FUNC -> new BtfType.Function(text(at), reference(value));
      case FUNC_PROTO -> new BtfType.Prototype(reference(value), parameters(at));
      case FLOAT -> new BtfType.Floating(text(at), size(value));
      case VAR, DATASEC, DECL_TAG -> new BtfType.NoType(kind(id));
    };
  }

  private BtfType integer(int at) throws BtfDamage {
    int data = int32(at + 12);
    int bits = data & 0xff;
    int offset = data >>> 16 & 0xff;
    int size = size(at + 8);
    if (bits == 0 || offset + bits > 8 * size) {
      throw damage(
          BtfCode.BTF_DAMAGED,
          at + 12,
          "an integer of " + size + " bytes has " + bits + " bits from bit " + offset + " on",
          "");
    }
    String name = CIntegerName.of(text(at));
    // Why: pahole of before 1.22 (Debian 11's kernels) sets no sign for it.
    boolean signed = (data >>> 24 & 1) != 0 || name.equals("signed char");
    return new BtfType.Int(name, size, offset, bits, signed);
  }

  private int size(int at) throws BtfDamage {
    long size = u32(at);
    if (size < 1 || size > 16) {
      throw damage(
          BtfCode.BTF_DAMAGED, at, "expected a size from 1 to 16 bytes but found " + size, "");
    }
    return (int) size;
  }

  private List<BtfType.Member> members(int at, boolean bitfields) throws BtfDamage {
    int count = vlen(at);
    List<BtfType.Member> members = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int member = at + TYPE_BYTES + 12 * i;
      long offset = u32(member + 8);
      members.add(
          new BtfType.Member(
              text(member),
              reference(member + 4),
              bitfields ? offset & 0xffffff : offset,
              bitfields ? (int) (offset >>> 24) : 0));
    }
    return members;
  }

  private List<BtfType.Parameter> parameters(int at) throws BtfDamage {
    int count = vlen(at);
    List<BtfType.Parameter> parameters = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      int parameter = at + TYPE_BYTES + 8 * i;
      parameters.add(new BtfType.Parameter(text(parameter), reference(parameter + 4)));
    }
    return parameters;
  }

  /// The id of a type that is there.
  private int reference(int at) throws BtfDamage {
    long id = u32(at);
    if (id >= places.length) {
      throw damage(
          BtfCode.BTF_DAMAGED,
          at,
          "there is no type " + id + "; the last is " + (places.length - 1),
          MODULE_HINT);
    }
    return (int) id;
  }

  /// The text whose offset stands at `at`.
  private String text(int at) throws BtfDamage {
    long offset = u32(at);
    if (offset >= textsLength) {
      throw damage(
          BtfCode.BTF_DAMAGED,
          at,
          "there is no text at " + offset + "; the texts have " + textsLength + " bytes",
          MODULE_HINT);
    }
    int from = texts + (int) offset;
    int end = from;
    // Why no bound but the length: the last byte of the texts is a NUL.
    while (bytes[end] != 0) {
      if (bytes[end] < ' ' || bytes[end] > '~' || end - from == MAX_NAME) {
        throw damage(
            BtfCode.BTF_DAMAGED,
            end,
            "expected a name of at most " + MAX_NAME + " printable ASCII characters",
            "");
      }
      end++;
    }
    return new String(bytes, from, end - from, StandardCharsets.US_ASCII);
  }

  private int kindNumber(int at) {
    return int32(at + 4) >>> 24 & 0x1f;
  }

  private int vlen(int at) {
    return int32(at + 4) & 0xffff;
  }

  private int int32(int at) {
    return memory.get(ints, at);
  }

  private long u32(int at) {
    return int32(at) & 0xffff_ffffL;
  }

  private SourceLocation at(int place) {
    return SourceLocation.inBinary(name, place);
  }

  private BtfDamage damage(BtfCode code, int place, String message, String hint) {
    return new BtfDamage(code.at(at(place), message, hint));
  }
}
