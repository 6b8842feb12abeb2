package dev.tracery.translate;

import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;

import dev.tracery.decode.Move;
import dev.tracery.translator.Wire;
import dev.tracery.v1.Arithmetic;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;

/// Writes the bytecode of moves into one method, whose parameters are those of
/// [dev.tracery.translator.EventTranslator#translate]. Not thread-safe.
final class MoveWriter {

  private static final ClassDesc WIRE = Wire.class.describeConstable().orElseThrow();
  private static final ClassDesc LONG = ClassDesc.of("java.lang.Long");
  private static final ClassDesc BYTES = CD_byte.arrayType();
  private static final MethodTypeDesc LOAD = MethodTypeDesc.of(CD_long, BYTES, CD_int);
  private static final MethodTypeDesc PUT_LONG =
      MethodTypeDesc.of(CD_int, CD_long, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc COPY_16 =
      MethodTypeDesc.of(CD_int, BYTES, CD_int, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc COPY =
      MethodTypeDesc.of(CD_int, BYTES, CD_int, CD_int, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc COPY_RANGE =
      MethodTypeDesc.of(CD_int, BYTES, CD_long, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc INTEGERS =
      MethodTypeDesc.of(
          CD_int, BYTES, CD_long, CD_int, CD_boolean, CD_boolean, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc BITMASK =
      MethodTypeDesc.of(CD_int, BYTES, CD_long, CD_int, CD_boolean, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc LOCATE = MethodTypeDesc.of(CD_long, CD_long, CD_int, CD_int);
  private static final MethodTypeDesc RANGE = MethodTypeDesc.of(CD_long, CD_int, CD_int);
  private static final MethodTypeDesc EDGE = MethodTypeDesc.of(CD_int, CD_long);
  private static final MethodTypeDesc LONG_TAG =
      MethodTypeDesc.of(CD_int, CD_long, BYTES, CD_int, CD_int);
  private static final MethodTypeDesc DIVIDE = MethodTypeDesc.of(CD_long, CD_long, CD_long);

  private static final int COMMAND_NAME = 16;
  private static final long LARGEST_TWO_BYTE_TAG = 0x3fff;

  private final CodeBuilder code;
  private final boolean bigEndian;
  private final int bytes;
  private final int offset;
  private final int length;
  private final int out;
  private final int position;
  private final int range;

  /// @param first the local variable of the first parameter
  MoveWriter(CodeBuilder code, boolean bigEndian, int first) {
    this.code = code;
    this.bigEndian = bigEndian;
    this.bytes = first;
    this.offset = first + 1;
    this.length = first + 2;
    this.out = first + 3;
    this.position = first + 4;
    this.range = first + 5;
  }

  /// Returns the position.
  void end() {
    code.iload(position).ireturn();
  }

  /// A move behind a check of the record's length.
  void ifLongEnough(Move move) {
    Label skipped = code.newLabel();
    code.iload(length).loadConstant(move.end()).if_icmplt(skipped);
    write(move);
    code.labelBinding(skipped);
  }

  /// A move of a record that is long enough.
  void write(Move move) {
    switch (move.conversion()) {
      case CONVERSION_INTEGER, CONVERSION_BOOL -> scalar(move);
      case CONVERSION_STRING -> copied(move, "string");
      case CONVERSION_BYTES -> copied(move, "bytes");
      case CONVERSION_INTEGERS -> {
        code.aload(bytes);
        pushRange(move);
        code.loadConstant(move.elementSize());
        code.loadConstant(move.signed() ? 1 : 0).loadConstant(bigEndian ? 1 : 0);
        put(move, "integers", INTEGERS);
      }
      case CONVERSION_BITMASK -> {
        code.aload(bytes);
        pushRange(move);
        code.loadConstant(move.elementSize()).loadConstant(bigEndian ? 1 : 0);
        put(move, "bitmask", BITMASK);
      }
      case CONVERSION_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(move);
    }
  }

  private void scalar(Move move) {
    switch (move.placement()) {
      case PLACEMENT_FIXED -> {
        code.aload(bytes);
        pushAt(move.offset());
        number(move);
      }
      case PLACEMENT_REST, PLACEMENT_DATA_LOC, PLACEMENT_REL_LOC -> {
        Label tooShort = code.newLabel();
        pushRange(move);
        code.lstore(range);
        code.lload(range).invokestatic(WIRE, "to", EDGE);
        code.lload(range).invokestatic(WIRE, "from", EDGE);
        code.isub().loadConstant(move.elementSize()).if_icmplt(tooShort);
        code.aload(bytes).lload(range).invokestatic(WIRE, "from", EDGE);
        number(move);
        code.labelBinding(tooShort);
      }
      case PLACEMENT_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(move);
    }
  }

  /// The number at an array and an index that are on the stack.
  private void number(Move move) {
    boolean bool = move.conversion() == dev.tracery.v1.Conversion.CONVERSION_BOOL;
    load(move.elementSize(), move.signed() && !bool);
    Arithmetic arithmetic = move.arithmetic();
    if (arithmetic != null && !bool) {
      compute(arithmetic, move.signed());
    }
    String method = bool ? "bool" : tagBytes(move) == 2 ? "varint2" : "varint";
    put(move, method, PUT_LONG);
  }

  private void load(int size, boolean signed) {
    int bits = 8 * size;
    String sign = signed || size == 8 ? "int" : "uint";
    String name =
        bigEndian && size > 1
            ? "big" + Character.toUpperCase(sign.charAt(0)) + sign.substring(1)
            : sign;
    code.invokestatic(WIRE, name + bits, LOAD);
  }

  private void compute(Arithmetic arithmetic, boolean signed) {
    if (arithmetic.getShiftRight() != 0) {
      code.loadConstant(arithmetic.getShiftRight());
      if (signed) {
        code.lshr();
      } else {
        code.lushr();
      }
    }
    if (arithmetic.getMask() != 0) {
      code.loadConstant(arithmetic.getMask()).land();
    }
    if (arithmetic.getMultiply() != 0) {
      code.loadConstant(arithmetic.getMultiply()).lmul();
    }
    if (arithmetic.getDivide() != 0) {
      code.loadConstant(arithmetic.getDivide());
      if (signed) {
        code.ldiv();
      } else {
        code.invokestatic(LONG, "divideUnsigned", DIVIDE);
      }
    }
    if (arithmetic.getAdd() != 0) {
      code.loadConstant(arithmetic.getAdd()).ladd();
    }
  }

  private void copied(Move move, String method) {
    code.aload(bytes);
    switch (move.placement()) {
      case PLACEMENT_FIXED -> {
        pushAt(move.offset());
        if (method.equals("string") && move.size() == COMMAND_NAME && tagBytes(move) == 1) {
          put(move, "string16", COPY_16);
        } else {
          pushAt(move.end());
          put(move, method, COPY);
        }
      }
      case PLACEMENT_REST -> {
        pushAt(move.offset());
        pushEnd();
        put(move, method, COPY);
      }
      case PLACEMENT_DATA_LOC, PLACEMENT_REL_LOC -> {
        pushRange(move);
        put(move, method, COPY_RANGE);
      }
      case PLACEMENT_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(move);
    }
  }

  private void pushRange(Move move) {
    switch (move.placement()) {
      case PLACEMENT_FIXED -> {
        pushAt(move.offset());
        pushAt(move.end());
        code.invokestatic(WIRE, "range", RANGE);
      }
      case PLACEMENT_REST -> {
        pushAt(move.offset());
        pushEnd();
        code.invokestatic(WIRE, "range", RANGE);
      }
      case PLACEMENT_DATA_LOC -> located(move, 0);
      case PLACEMENT_REL_LOC -> located(move, move.end());
      case PLACEMENT_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(move);
    }
  }

  private void located(Move move, int base) {
    code.aload(bytes);
    pushAt(move.offset());
    load(move.size(), false);
    pushAt(base);
    pushEnd();
    code.invokestatic(WIRE, move.size() == 2 ? "rest" : "range", LOCATE);
  }

  private void pushAt(int from) {
    code.iload(offset);
    if (from != 0) {
      code.loadConstant(from).iadd();
    }
  }

  private void pushEnd() {
    code.iload(offset).iload(length).iadd();
  }

  /// Calls what writes the field, whose other arguments are on the stack.
  private void put(Move move, String method, MethodTypeDesc type) {
    code.aload(out).iload(position);
    int tagBytes = tagBytes(move);
    if (tagBytes <= 2) {
      code.loadConstant(tag(move, tagBytes)).invokestatic(WIRE, method, type).istore(position);
      return;
    }
    int end = range;
    code.loadConstant(0).invokestatic(WIRE, method, type).istore(end);
    code.loadConstant(move.tag()).aload(out).iload(position).iload(end);
    code.invokestatic(WIRE, "longTag", LONG_TAG).istore(position);
  }

  private static int tagBytes(Move move) {
    return move.tag() <= 0x7f ? 1 : move.tag() <= LARGEST_TWO_BYTE_TAG ? 2 : 3;
  }

  /// The tag's bytes in the message, the first lowest.
  private static int tag(Move move, int tagBytes) {
    int tag = (int) move.tag();
    return tagBytes == 1 ? tag : tag & 0x7f | 0x80 | tag >>> 7 << 8;
  }
}
