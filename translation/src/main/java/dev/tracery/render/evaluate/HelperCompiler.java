package dev.tracery.render.evaluate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.Helper;
import dev.tracery.compiler.print.IntegerType;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Compiles calls of the kernel's helpers (include/trace/stages/stage3_trace_output.h and
/// kernel/trace/trace_output.c, Linux 6.12).
final class HelperCompiler {

  private static final CType U64 = new CType.Int(IntegerType.UNSIGNED_LONG_LONG);
  private static final CType U32 = new CType.Int(IntegerType.UNSIGNED_INT);
  private static final long NANOSECONDS = 1_000_000_000L;

  // include/linux/trace_events.h, TRACE_FLAG_*
  private static final int HARDIRQ = 0x08;
  private static final int SOFTIRQ = 0x10;

  private final ExpressionCompiler expressions;
  private final Layout layout;

  HelperCompiler(ExpressionCompiler expressions, Layout layout) {
    this.expressions = expressions;
    this.layout = layout;
  }

  Operand call(Expression.HelperCall call) {
    List<Expression> given = call.arguments();
    return switch (call.helper()) {
      case GET_DYNAMIC_ARRAY, GET_REL_DYNAMIC_ARRAY -> start(given.getFirst(), CType.ADDRESS);
      case GET_STR, GET_REL_STR ->
          start(given.getFirst(), new CType.Pointer(expressions.fields().plainChar()));
      case GET_SOCKADDR, GET_REL_SOCKADDR ->
          start(given.getFirst(), new CType.Pointer(new CType.Struct("struct sockaddr", 16)));
      case GET_DYNAMIC_ARRAY_LEN, GET_REL_DYNAMIC_ARRAY_LEN -> length(given.getFirst());
      // Why the same for CPUs: stage3_trace_output.h defines __get_cpumask as __get_bitmask. The
      // list of CPUs that trace-cmd shows is its own idea.
      case GET_BITMASK, GET_REL_BITMASK, GET_CPUMASK, GET_REL_CPUMASK -> bitmask(given.getFirst());
      case GET_STACKTRACE -> stack(given.getFirst());
      case GET_BUF -> Operand.unknown("__get_buf(), a buffer that a function of the kernel fills");
      case PRINT_FLAGS, FTRACE_PRINT_HEX_SEQ, PRINT_HEX, PRINT_HEX_STR, PRINT_FLAGS_U64 ->
          call.helper().namesValues() ? flags(call) : hex(call);
      case PRINT_SYMBOLIC, PRINT_SYMBOLIC_U64 -> symbolic(call);
      case PRINT_ARRAY -> array(given);
      case PRINT_DYNAMIC_ARRAY -> dynamicArray(given);
      case PRINT_HEX_DUMP -> hexDump(given);
      case PRINT_NS_TO_SECS -> {
        Node value = integer(given.getFirst(), IntegerType.UNSIGNED_LONG_LONG);
        yield new Operand(U64, frame -> Long.divideUnsigned(value.eval(frame), NANOSECONDS));
      }
      case PRINT_NS_WITHOUT_SECS -> {
        Node value = integer(given.getFirst(), IntegerType.UNSIGNED_LONG_LONG);
        yield new Operand(U32, frame -> Long.remainderUnsigned(value.eval(frame), NANOSECONDS));
      }
      case EVENT_IN_HARDIRQ -> commonFlags(HARDIRQ);
      case EVENT_IN_SOFTIRQ -> commonFlags(SOFTIRQ);
      case EVENT_IN_IRQ -> commonFlags(HARDIRQ | SOFTIRQ);
    };
  }

  private Node integer(Expression expression, IntegerType type) {
    return expressions.integer(expression, type);
  }

  private Operand commonFlags(int mask) {
    Field flags = expressions.fields().find("common_flags");
    if (flags == null || flags.size() != 1) {
      return Operand.unknown("a field common_flags");
    }
    int at = flags.offset();
    return new Operand(CType.INT, frame -> frame.fieldByte(at) & mask);
  }

  /// The dynamic field that a helper names.
  private @Nullable Field dynamic(Expression argument) {
    Field field =
        argument instanceof Expression.FieldReference(String name)
            ? expressions.fields().find(name)
            : null;
    return field != null && field.placement() != Placement.FIXED ? field : null;
  }

  private static Operand notDynamic() {
    return Operand.unknown("an array that the event does not have");
  }

  /// Where a dynamic array begins, from the record's first byte.
  private static Node offset(Field field) {
    int at = field.offset();
    int end = field.end();
    return switch (field.placement()) {
      case DATA_LOC ->
          field.size() == 2
              ? frame -> frame.fieldShort(at) & 0xffff
              : frame -> frame.fieldInt(at) & 0xffff;
      case REL_LOC -> frame -> end + (frame.fieldInt(at) & 0xffff);
      case FIXED, REST -> _ -> at;
    };
  }

  private static Node length(Field field) {
    int at = field.offset();
    return switch (field.placement()) {
      case DATA_LOC, REL_LOC ->
          field.size() == 2
              ? _ -> {
                throw new NotEvaluable("the length of an old array");
              }
              : frame -> frame.fieldInt(at) >>> 16;
      case FIXED, REST -> frame -> Math.max(0, frame.length() - at);
    };
  }

  private static Node address(Field field) {
    Node offset = offset(field);
    return frame -> Address.of(Address.RECORD, offset.eval(frame));
  }

  private Operand start(Expression argument, CType type) {
    Field field = dynamic(argument);
    if (field == null) {
      return notDynamic();
    }
    return new Operand(type, address(field));
  }

  private Operand length(Expression argument) {
    Field field = dynamic(argument);
    return field == null
        ? notDynamic()
        : new Operand(field.placement() == Placement.REST ? CType.INT : U32, length(field));
  }

  private Operand bitmask(Expression argument) {
    Field field = dynamic(argument);
    if (field == null) {
      return notDynamic();
    }
    Node address = address(field);
    Node length = length(field);
    int word = expressions.wordSize().bytes();
    return text((frame, out) ->
        Texts.bitmap(frame, address.eval(frame), (int) length.eval(frame) * 8, word, out));
  }

  private Operand stack(Expression argument) {
    Field field = dynamic(argument);
    if (field == null) {
      return notDynamic();
    }
    Node address = address(field);
    Node length = length(field);
    int word = expressions.wordSize().bytes();
    return text((frame, out) ->
        Texts.stack(frame, address.eval(frame), (int) length.eval(frame), word, out));
  }

  private static Operand text(TextNode.Text text) {
    return new Operand(CType.STRING, new TextNode(text));
  }

  private Operand hex(Expression.HelperCall call) {
    List<Expression> given = call.arguments();
    Node buffer = expressions.pointer(given.get(0));
    Node length = integer(given.get(1), IntegerType.INT);
    Node together =
        given.size() > 2
            ? integer(given.get(2), IntegerType.BOOL)
            : new Operand.ConstantNode(call.helper() == Helper.PRINT_HEX_STR ? 1 : 0);
    return text((frame, out) ->
        Texts.hex(
            frame,
            buffer.eval(frame),
            (int) length.eval(frame),
            together.eval(frame) != 0 ? -1 : ' ',
            out));
  }

  private Operand array(List<Expression> given) {
    Node buffer = expressions.pointer(given.get(0));
    Node count = integer(given.get(1), IntegerType.INT);
    Node size = integer(given.get(2), IntegerType.UNSIGNED_LONG);
    return text((frame, out) ->
        Texts.array(
            frame,
            buffer.eval(frame),
            count.eval(frame) * size.eval(frame),
            size.eval(frame),
            out));
  }

  private Operand dynamicArray(List<Expression> given) {
    Field field = dynamic(given.getFirst());
    if (field == null) {
      return notDynamic();
    }
    Node buffer = address(field);
    Node length = length(field);
    Node size = integer(given.get(1), IntegerType.UNSIGNED_LONG);
    return text((frame, out) -> {
      long one = size.eval(frame);
      if (one <= 0) {
        throw new NotEvaluable("a division by zero");
      }
      // Why: the kernel takes __get_dynamic_array_len(array) / el_size elements.
      Texts.array(frame, buffer.eval(frame), length.eval(frame) / one * one, one, out);
    });
  }

  private Operand hexDump(List<Expression> given) {
    Node prefix = expressions.pointer(given.get(0));
    Node type = integer(given.get(1), IntegerType.INT);
    Node row = integer(given.get(2), IntegerType.INT);
    Node group = integer(given.get(3), IntegerType.INT);
    Node buffer = expressions.pointer(given.get(4));
    Node length = integer(given.get(5), IntegerType.UNSIGNED_LONG);
    Node ascii = integer(given.get(6), IntegerType.BOOL);
    return text((frame, out) ->
        new HexDump((int) row.eval(frame), (int) group.eval(frame), ascii.eval(frame) != 0)
            .write(
                frame,
                prefix,
                (int) type.eval(frame),
                buffer.eval(frame),
                length.eval(frame),
                out));
  }

  private Operand flags(Expression.HelperCall call) {
    boolean wide = call.helper() == Helper.PRINT_FLAGS_U64;
    IntegerType type = wide ? IntegerType.UNSIGNED_LONG_LONG : IntegerType.UNSIGNED_LONG;
    Node value = integer(call.arguments().get(0), type);
    Node delimiter = expressions.pointer(call.arguments().get(1));
    List<NamedNode> names = names(call, type);
    NamedNode[] all = names.toArray(NamedNode[]::new);
    SymbolText table = SymbolText.of(all);
    return text(
        table != null && delimiter instanceof Constants.Literal(_, byte[] text)
            ? (frame, out) -> table.flags(value.eval(frame), text, out)
            : (frame, out) -> NamedNode.flags(all, value.eval(frame), delimiter, frame, out));
  }

  private Operand symbolic(Expression.HelperCall call) {
    boolean wide = call.helper() == Helper.PRINT_SYMBOLIC_U64;
    IntegerType type = wide ? IntegerType.UNSIGNED_LONG_LONG : IntegerType.UNSIGNED_LONG;
    Node value = integer(call.arguments().getFirst(), type);
    NamedNode[] all = names(call, type).toArray(NamedNode[]::new);
    SymbolText table = SymbolText.of(all);
    return text(
        table != null
            ? (frame, out) -> table.symbol(value.eval(frame), out)
            : (frame, out) -> NamedNode.symbol(all, value.eval(frame), frame, out));
  }

  private List<NamedNode> names(Expression.HelperCall call, IntegerType type) {
    List<NamedNode> names = new ArrayList<>();
    for (Expression.NamedValue named : call.names()) {
      Operand name = expressions.decayed(expressions.compile(named.name()));
      if (name.isNull()) {
        break;
      }
      names.add(new NamedNode(integer(named.value(), type), expressions.asPointer(name).node()));
    }
    return names;
  }

  /// The layout whose print format is compiled.
  Layout layout() {
    return layout;
  }
}
