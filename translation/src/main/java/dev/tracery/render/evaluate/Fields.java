package dev.tracery.render.evaluate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.model.WordSize;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The fields of a record as C sees them. Size and sign are the columns'; the declared type is
/// asked only for its rank, for what pointers point to and for structs.
final class Fields {

  private static final Pattern QUALIFIERS =
      Pattern.compile(
          "\\b(const|volatile|__data_loc|__rel_loc)\\b|__attribute__\\s*\\(\\(.*?\\)\\)\\)?");

  private final Layout layout;
  private final WordSize wordSize;
  private final Structs structs;
  private final CType plainChar;
  private final Map<String, Field> byName = new HashMap<>();

  Fields(Layout layout, Structs structs) {
    this.layout = layout;
    this.wordSize = layout.target().wordSize();
    this.structs = structs;
    layout.fields().forEach(field -> byName.putIfAbsent(field.name(), field));
    layout.commonFields().forEach(field -> byName.putIfAbsent(field.name(), field));
    this.plainChar = new CType.Int(findPlainChar());
  }

  /// The sign of `char` depends on the architecture and the kernel's version; fields show it.
  private IntegerType findPlainChar() {
    for (Field field : layout.fields()) {
      if (base(field).equals("char") && field.signed().isPresent() && !isPointer(field)) {
        return field.signed().get() ? IntegerType.SIGNED_CHAR : IntegerType.UNSIGNED_CHAR;
      }
    }
    return IntegerType.SIGNED_CHAR;
  }

  /// What `char` is.
  CType plainChar() {
    return plainChar;
  }

  /// @return null if the event has no such field
  @Nullable Field find(String name) {
    return byName.get(name);
  }

  /// `REC->name`.
  Operand operand(Field field) {
    int at = field.offset();
    if (field.placement() == Placement.DATA_LOC || field.placement() == Placement.REL_LOC) {
      // Why: synthetic events of Linux 5.10 to 6.12 read the location word themselves:
      // (char *)((void *)REC + (REC->comm & 0xffff)).
      CType word = new CType.Int(IntegerType.UNSIGNED_INT);
      return field.size() < 4 ? Operand.unknown("an old location word") : loaded(word, at);
    }
    if (field.cType().indexOf('[') >= 0) {
      return inMemory(array(field), at);
    }
    CType type = scalar(field);
    return type instanceof CType.Int || type instanceof CType.Pointer
        ? loaded(type, at)
        : inMemory(type, at);
  }

  private CType scalar(Field field) {
    if (isPointer(field) && field.size() == wordSize.bytes()) {
      return pointer(field);
    }
    return switch (field.kind()) {
      case SIGNED, UNSIGNED, BOOL ->
          integer(base(field), field.size(), field.kind() == FieldKind.SIGNED);
      default -> {
        CType type = structs.named(base(field));
        yield type.size(wordSize) == field.size()
            ? type
            : new CType.Struct(base(field), field.size());
      }
    };
  }

  private CType array(Field field) {
    CType element;
    if (isPointer(field)) {
      element = pointer(field);
    } else {
      IntegerType declared = new TypeName(base(field), "").integerType();
      boolean signed = field.signed().orElse(declared != null && declared.isSigned());
      element =
          switch (field.kind()) {
            case STRING ->
                new CType.Int(signed ? IntegerType.SIGNED_CHAR : IntegerType.UNSIGNED_CHAR);
            case SIGNED_ARRAY, UNSIGNED_ARRAY ->
                integer(base(field), field.elementSize(), field.kind() == FieldKind.SIGNED_ARRAY);
            default -> declared != null ? new CType.Int(declared) : structs.named(base(field));
          };
    }
    int one = element.size(wordSize);
    return new CType.Array(element, one > 0 && field.size() % one == 0 ? field.size() / one : -1);
  }

  private CType pointer(Field field) {
    String base = base(field);
    CType type;
    if (base.equals("void")) {
      type = new CType.Void();
    } else if (base.equals("char")) {
      type = plainChar == null ? new CType.Int(IntegerType.SIGNED_CHAR) : plainChar;
    } else {
      IntegerType integer = new TypeName(base, "").integerType();
      type = integer != null ? new CType.Int(integer) : structs.named(base);
    }
    for (int i = 0; i < field.cType().length(); i++) {
      if (field.cType().charAt(i) == '*') {
        type = new CType.Pointer(type);
      }
    }
    return type;
  }

  private CType integer(String base, int size, boolean signed) {
    IntegerType declared = new TypeName(base, "").integerType();
    if (declared != null
        && declared.size(wordSize) == size
        && (declared.isSigned() == signed || declared == IntegerType.BOOL)) {
      return new CType.Int(declared);
    }
    IntegerType type =
        switch (size) {
          case 1 -> IntegerType.SIGNED_CHAR;
          case 2 -> IntegerType.SHORT;
          case 4 -> IntegerType.INT;
          case 8 -> wordSize == WordSize.BITS_64 ? IntegerType.LONG : IntegerType.LONG_LONG;
          default -> null;
        };
    if (type == null) {
      return new CType.Struct(base, size);
    }
    return new CType.Int(signed ? type : type.unsigned());
  }

  private Operand loaded(CType type, int at) {
    return new Operand(type, load(type, at), false, address(at));
  }

  private static Operand inMemory(CType type, int at) {
    Node address = address(at);
    return new Operand(type, address, false, address);
  }

  private static Node address(int at) {
    return new Operand.ConstantNode(Address.of(Address.RECORD, at));
  }

  private Node load(CType type, int at) {
    boolean signed = type instanceof CType.Int(IntegerType integer) && integer.isSigned();
    return switch (type.size(wordSize)) {
      case 1 -> signed ? frame -> frame.fieldByte(at) : frame -> frame.fieldByte(at) & 0xff;
      case 2 -> signed ? frame -> frame.fieldShort(at) : frame -> frame.fieldShort(at) & 0xffff;
      case 4 -> signed ? frame -> frame.fieldInt(at) : frame -> frame.fieldInt(at) & 0xffffffffL;
      default ->
          type instanceof CType.Pointer
              ? frame -> Pointers.fromKernel(frame.fieldLong(at))
              : frame -> frame.fieldLong(at);
    };
  }

  private static String base(Field field) {
    String type = field.cType();
    int end = type.length();
    for (int i = 0; i < end; i++) {
      char c = type.charAt(i);
      if (c == '*' || c == '[') {
        end = i;
      }
    }
    return QUALIFIERS
        .matcher(type.substring(0, end))
        .replaceAll(" ")
        .strip()
        .replaceAll("\\s+", " ");
  }

  private static boolean isPointer(Field field) {
    return field.cType().indexOf('*') >= 0;
  }
}
