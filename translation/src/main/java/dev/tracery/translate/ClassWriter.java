package dev.tracery.translate;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_byte;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.INIT_NAME;
import static java.lang.constant.ConstantDescs.MTD_void;

import dev.tracery.decode.Move;
import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.Wire;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Writes a [ClassPlan] as a class that implements [EventTranslator]: straight-line calls of
/// [Wire]'s methods, which the JVM inlines. A record that is long enough for every move is checked
/// once; a shorter one goes through the method `careful`, which checks before each. Thread-safe.
final class ClassWriter {

  private static final ClassDesc WIRE = Wire.class.describeConstable().orElseThrow();
  private static final ClassDesc SPI = EventTranslator.class.describeConstable().orElseThrow();
  private static final ClassDesc BYTES = CD_byte.arrayType();
  private static final MethodTypeDesc TRANSLATE =
      MethodTypeDesc.of(CD_int, BYTES, CD_int, CD_int, BYTES, CD_int);
  private static final MethodTypeDesc MAX_SIZE = MethodTypeDesc.of(CD_int, CD_int, CD_int, CD_int);

  /// HotSpot compiles no method of more than 8,000 bytes (`HugeMethodLimit`), and a move takes 70
  /// at most.
  private static final int MOVES_PER_METHOD = 100;

  /// The class as the JVM loads it. Equal plans give equal bytes.
  byte[] write(ClassPlan plan) {
    ClassDesc name = ClassDesc.of(plan.className());
    return ClassFile.of()
        .build(
            name,
            type -> {
              type.withFlags(ClassFile.ACC_PUBLIC | ClassFile.ACC_FINAL | ClassFile.ACC_SUPER);
              type.withInterfaceSymbols(SPI);
              constructor(type);
              maxMessageSize(type, plan);
              translate(type, name, plan);
            });
  }

  private static void constructor(ClassBuilder type) {
    type.withMethodBody(
        INIT_NAME,
        MTD_void,
        ClassFile.ACC_PUBLIC,
        code -> code.aload(0).invokespecial(CD_Object, INIT_NAME, MTD_void).return_());
  }

  private static void maxMessageSize(ClassBuilder type, ClassPlan plan) {
    type.withMethodBody(
        "maxMessageSize",
        MethodTypeDesc.of(CD_int, CD_int),
        ClassFile.ACC_PUBLIC,
        code ->
            code.loadConstant(plan.constantSize() + Wire.SLACK)
                .loadConstant(plan.growth())
                .iload(1)
                .invokestatic(WIRE, "maxSize", MAX_SIZE)
                .ireturn());
  }

  private static void translate(ClassBuilder type, ClassDesc name, ClassPlan plan) {
    List<List<Move>> parts = parts(plan.moves());
    type.withMethodBody(
        "translate", TRANSLATE, ClassFile.ACC_PUBLIC, code -> entry(code, name, plan, parts));
    int staticPart = ClassFile.ACC_PRIVATE | ClassFile.ACC_STATIC;
    for (int i = 0; i < parts.size(); i++) {
      List<Move> part = parts.get(i);
      if (parts.size() > 1) {
        type.withMethodBody(
            "part" + i, TRANSLATE, staticPart, code -> moves(code, plan, part, 0, false));
      }
      type.withMethodBody(
          "careful" + i, TRANSLATE, staticPart, code -> moves(code, plan, part, 0, true));
    }
  }

  /// Goes the fast way or the careful one.
  private static void entry(
      CodeBuilder code, ClassDesc name, ClassPlan plan, List<List<Move>> parts) {
    Label careful = code.newLabel();
    code.iload(3).loadConstant(plan.neededLength()).if_icmplt(careful);
    if (parts.size() == 1) {
      moves(code, plan, parts.getFirst(), 1, false);
    } else {
      calls(code, name, "part", parts.size());
    }
    code.labelBinding(careful);
    calls(code, name, "careful", parts.size());
  }

  private static void calls(CodeBuilder code, ClassDesc name, String method, int count) {
    for (int i = 0; i < count; i++) {
      code.aload(1).iload(2).iload(3).aload(4).iload(5);
      code.invokestatic(name, method + i, TRANSLATE).istore(5);
    }
    code.iload(5).ireturn();
  }

  /// @param first the local variable of the first parameter
  private static void moves(
      CodeBuilder code, ClassPlan plan, List<Move> moves, int first, boolean checked) {
    MoveWriter writer = new MoveWriter(code, plan.bigEndian(), first);
    for (Move move : moves) {
      if (checked) {
        writer.ifLongEnough(move);
      } else {
        writer.write(move);
      }
    }
    writer.end();
  }

  private static List<List<Move>> parts(List<Move> moves) {
    List<List<Move>> parts = new ArrayList<>();
    for (int from = 0; from == 0 || from < moves.size(); from += MOVES_PER_METHOD) {
      parts.add(moves.subList(from, Math.min(from + MOVES_PER_METHOD, moves.size())));
    }
    return parts;
  }
}
