package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.model.WordSize;
import java.util.List;
import java.util.Map;

/// Compiles calls of functions that are no helpers: the compiler's own, and those of the kernel
/// whose value follows from the arguments alone, in every version. All others cannot be evaluated.
final class FunctionCompiler {

  private static final IntegerType U16 = IntegerType.UNSIGNED_SHORT;
  private static final IntegerType U32 = IntegerType.UNSIGNED_INT;
  private static final IntegerType U64 = IntegerType.UNSIGNED_LONG_LONG;
  private static final IntegerType INT = IntegerType.INT;

  /// What a function makes of a value. Arguments are already as the parameter's type has them.
  private interface Computation {
    long of(long value);
  }

  private record Function(IntegerType parameter, IntegerType result, Computation computation) {}

  private static Function row(IntegerType parameter, IntegerType result, Computation computation) {
    return new Function(parameter, result, computation);
  }

  /// Functions of one number.
  private static final Map<String, Function> FUNCTIONS =
      Map.ofEntries(
          // include/uapi/linux/swab.h
          Map.entry(
              "__builtin_bswap16", row(U16, U16, v -> Short.reverseBytes((short) v) & 0xffff)),
          Map.entry("__fswab16", row(U16, U16, v -> Short.reverseBytes((short) v) & 0xffff)),
          Map.entry("__swab16", row(U16, U16, v -> Short.reverseBytes((short) v) & 0xffff)),
          Map.entry("swab16", row(U16, U16, v -> Short.reverseBytes((short) v) & 0xffff)),
          Map.entry(
              "__builtin_bswap32", row(U32, U32, v -> Integer.reverseBytes((int) v) & 0xffffffffL)),
          Map.entry("__fswab32", row(U32, U32, v -> Integer.reverseBytes((int) v) & 0xffffffffL)),
          Map.entry("__swab32", row(U32, U32, v -> Integer.reverseBytes((int) v) & 0xffffffffL)),
          Map.entry("swab32", row(U32, U32, v -> Integer.reverseBytes((int) v) & 0xffffffffL)),
          Map.entry("__builtin_bswap64", row(U64, U64, Long::reverseBytes)),
          Map.entry("__fswab64", row(U64, U64, Long::reverseBytes)),
          Map.entry("__swab64", row(U64, U64, Long::reverseBytes)),
          Map.entry("swab64", row(U64, U64, Long::reverseBytes)),
          // The compiler's (gcc, Other Built-in Functions). Of 0 they are undefined where they
          // throw.
          Map.entry("__builtin_ffs", row(INT, INT, v -> firstSet(v & 0xffffffffL))),
          Map.entry("__builtin_ffsll", row(U64, INT, FunctionCompiler::firstSet)),
          Map.entry("__builtin_ctz", row(U32, INT, v -> Long.numberOfTrailingZeros(notZero(v)))),
          Map.entry("__builtin_ctzll", row(U64, INT, v -> Long.numberOfTrailingZeros(notZero(v)))),
          Map.entry(
              "__builtin_clz", row(U32, INT, v -> Long.numberOfLeadingZeros(notZero(v)) - 32)),
          Map.entry("__builtin_clzll", row(U64, INT, v -> Long.numberOfLeadingZeros(notZero(v)))),
          Map.entry("__builtin_popcount", row(U32, INT, Long::bitCount)),
          Map.entry("__builtin_popcountll", row(U64, INT, Long::bitCount)),
          Map.entry("__builtin_abs", row(INT, INT, Math::abs)),
          // include/linux/log2.h
          Map.entry("__ilog2_u32", row(U32, INT, v -> 63 - Long.numberOfLeadingZeros(v))),
          Map.entry("__ilog2_u64", row(U64, INT, v -> 63 - Long.numberOfLeadingZeros(v))),
          // include/asm-generic/bitops
          Map.entry("fls", row(U32, INT, v -> 64 - Long.numberOfLeadingZeros(v))),
          Map.entry("fls64", row(U64, INT, v -> 64 - Long.numberOfLeadingZeros(v))),
          Map.entry("ffs", row(INT, INT, v -> firstSet(v & 0xffffffffL))),
          // include/linux/ktime.h
          Map.entry(
              "ktime_to_ms", row(IntegerType.LONG_LONG, IntegerType.LONG_LONG, v -> v / 1_000_000)),
          Map.entry(
              "ktime_to_us", row(IntegerType.LONG_LONG, IntegerType.LONG_LONG, v -> v / 1000)),
          Map.entry("ktime_to_ns", row(IntegerType.LONG_LONG, IntegerType.LONG_LONG, v -> v)));

  /// Functions of a truth, by what they call it (include/linux/string_choices.h, and i915's own).
  private static final Map<String, List<String>> CHOICES =
      Map.of(
          "str_yes_no", List.of("yes", "no"),
          "yesno", List.of("yes", "no"),
          "str_on_off", List.of("on", "off"),
          "onoff", List.of("on", "off"),
          "str_enable_disable", List.of("enable", "disable"),
          "str_enabled_disabled", List.of("enabled", "disabled"),
          "str_read_write", List.of("read", "write"),
          "str_true_false", List.of("true", "false"));

  /// enum hw_event_mc_err_type (include/linux/edac.h), since Linux 4.11. What is no known type
  /// counts as the last one.
  private static final List<String> ERROR_TYPES =
      List.of("Corrected", "Uncorrected", "Deferred", "Fatal", "Info");

  /// enum xhci_ring_type (drivers/usb/host/xhci.h), the same from Linux 4.12, which brought the
  /// events.
  private static final List<String> RING_TYPES =
      List.of("CTRL", "ISOC", "BULK", "INTR", "STREAM", "CMD", "EVENT");

  private final ExpressionCompiler expressions;

  FunctionCompiler(ExpressionCompiler expressions) {
    this.expressions = expressions;
  }

  Operand call(String name, List<Expression> given) {
    Function function = FUNCTIONS.get(name);
    if (function != null && given.size() == 1) {
      return computed(function, expressions.compile(given.getFirst()));
    }
    List<String> choice = CHOICES.get(name);
    if (choice != null && given.size() == 1) {
      return chosen(expressions.compile(given.getFirst()), choice);
    }
    return switch (name + "/" + given.size()) {
      case "__builtin_constant_p/1" ->
          Operand.constant(CType.INT, expressions.quietly(given.getFirst()).constant() ? 1 : 0);
      case "__builtin_choose_expr/3" -> choose(given);
      case "__builtin_types_compatible_p/2" -> compatible(given);
      case "__builtin_expect/2" ->
          expressions.cast(new CType.Int(IntegerType.LONG), expressions.compile(given.getFirst()));
      case "likely/1", "unlikely/1" ->
          Arithmetic.truth(isTrue(expressions.compile(given.getFirst())), false);
      case "__ffs/1" -> word(given, v -> Long.numberOfTrailingZeros(notZero(v)));
      case "__fls/1" -> word(given, v -> 63 - Long.numberOfLeadingZeros(notZero(v)));
      case "__builtin_ctzl/1" -> word(given, v -> Long.numberOfTrailingZeros(notZero(v)));
      case "__order_base_2/1" ->
          // include/linux/log2.h
          word(
              given,
              v -> Long.compareUnsigned(v, 1) > 0 ? 64 - Long.numberOfLeadingZeros(v - 1) : 0);
      case "__le16_to_cpup/1", "le16_to_cpup/1" -> pointed(given.getFirst(), U16, true);
      case "__le32_to_cpup/1", "le32_to_cpup/1" -> pointed(given.getFirst(), U32, true);
      case "__le64_to_cpup/1", "le64_to_cpup/1" -> pointed(given.getFirst(), U64, true);
      case "__be16_to_cpup/1", "be16_to_cpup/1" -> pointed(given.getFirst(), U16, false);
      case "__be32_to_cpup/1", "be32_to_cpup/1" -> pointed(given.getFirst(), U32, false);
      case "__be64_to_cpup/1", "be64_to_cpup/1" -> pointed(given.getFirst(), U64, false);
      case "htons/1", "ntohs/1", "cpu_to_be16/1", "be16_to_cpu/1", "__be16_to_cpu/1" ->
          ordered(given.getFirst(), U16, false);
      case "htonl/1", "ntohl/1", "cpu_to_be32/1", "be32_to_cpu/1", "__be32_to_cpu/1" ->
          ordered(given.getFirst(), U32, false);
      case "cpu_to_be64/1", "be64_to_cpu/1", "__be64_to_cpu/1" ->
          ordered(given.getFirst(), U64, false);
      case "cpu_to_le16/1", "le16_to_cpu/1", "__le16_to_cpu/1" ->
          ordered(given.getFirst(), U16, true);
      case "cpu_to_le32/1", "le32_to_cpu/1", "__le32_to_cpu/1" ->
          ordered(given.getFirst(), U32, true);
      case "cpu_to_le64/1", "le64_to_cpu/1", "__le64_to_cpu/1" ->
          ordered(given.getFirst(), U64, true);
      case "drm_rect_width/1" -> rectangle(given.getFirst(), 0);
      case "drm_rect_height/1" -> rectangle(given.getFirst(), 4);
      case "mc_event_error_type/1" -> named(given.getFirst(), ERROR_TYPES, ERROR_TYPES.getLast());
      case "xhci_ring_type_string/1" -> named(given.getFirst(), RING_TYPES, "UNKNOWN");
      default -> Operand.unknown("a call of " + name + "()");
    };
  }

  private static long firstSet(long value) {
    return value == 0 ? 0 : Long.numberOfTrailingZeros(value) + 1;
  }

  private static long notZero(long value) {
    if (value == 0) {
      throw new NotEvaluable("the bits of zero");
    }
    return value;
  }

  private Operand computed(Function function, Operand argument) {
    Operand value = expressions.asInteger(argument, function.parameter);
    if (value.reason() != null) {
      return value;
    }
    Node node = value.node();
    Computation computation = function.computation;
    return Arithmetic.folded(
        new CType.Int(function.result),
        frame -> computation.of(node.eval(frame)),
        value.constant());
  }

  /// A function of an `unsigned long`.
  private Operand word(List<Expression> given, Computation computation) {
    return computed(
        row(IntegerType.UNSIGNED_LONG, IntegerType.INT, computation),
        expressions.compile(given.getFirst()));
  }

  private Node isTrue(Operand operand) {
    Node node = expressions.decayed(operand).node();
    return frame -> node.eval(frame) != 0 ? 1 : 0;
  }

  private Operand chosen(Operand condition, List<String> names) {
    Node truth = isTrue(condition);
    Node whenTrue = literal(names.get(0));
    Node whenFalse = literal(names.get(1));
    return text((frame, out) -> (truth.eval(frame) != 0 ? whenTrue : whenFalse).write(frame, out));
  }

  private Node literal(String text) {
    return expressions.constantPool().string(text, expressions.fields().plainChar()).node();
  }

  private static Operand text(TextNode.Text text) {
    return new Operand(CType.STRING, new TextNode(text));
  }

  private Operand choose(List<Expression> given) {
    Operand condition = expressions.quietly(given.getFirst());
    return condition.constant()
        ? expressions.compile(given.get(condition.value() != 0 ? 1 : 2))
        : Operand.unknown("the condition of __builtin_choose_expr()");
  }

  private Operand compatible(List<Expression> given) {
    CType one = type(given.get(0));
    CType other = type(given.get(1));
    if (one instanceof CType.Unknown || other instanceof CType.Unknown) {
      return Operand.unknown("the types of __builtin_types_compatible_p()");
    }
    return Operand.constant(CType.INT, one.equals(other) ? 1 : 0);
  }

  private CType type(Expression expression) {
    return expression instanceof Expression.TypeOperand(TypeName type)
        ? expressions.types().named(type)
        : expressions.quietly(expression).type();
  }

  /// A number in another byte order than the kernel's, or in its own.
  private Operand ordered(Expression argument, IntegerType type, boolean little) {
    Operand value = expressions.asInteger(expressions.compile(argument), type);
    if (value.reason() != null) {
      return value;
    }
    return new Operand(new CType.Int(type), ordered(value.node(), type, little));
  }

  private Operand pointed(Expression argument, IntegerType type, boolean little) {
    Operand pointer = expressions.asPointer(expressions.compile(argument));
    if (pointer.reason() != null) {
      return pointer;
    }
    CType to = new CType.Int(type);
    return new Operand(
        to, ordered(expressions.pointers().object(to, pointer.node()).node(), type, little));
  }

  private static Node ordered(Node value, IntegerType type, boolean little) {
    int unused = 64 - 8 * type.size(WordSize.BITS_64);
    return frame -> {
      long number = value.eval(frame);
      return frame.isLittle() == little ? number : Long.reverseBytes(number) >>> unused;
    };
  }

  /// drm_rect_width and drm_rect_height (include/drm/drm_rect.h): the difference of two
  /// coordinates.
  private Operand rectangle(Expression argument, int at) {
    Operand pointer = expressions.asPointer(expressions.compile(argument));
    if (pointer.reason() != null) {
      return pointer;
    }
    Node address = pointer.node();
    return new Operand(
        CType.INT,
        frame -> {
          long rectangle = address.eval(frame);
          return (int) (frame.load(rectangle + 8 + at, 4) - frame.load(rectangle + at, 4));
        });
  }

  /// The name of a number from 0 on.
  ///
  /// @param other of all other numbers
  private Operand named(Expression argument, List<String> names, String other) {
    Operand value = expressions.asInteger(expressions.compile(argument), U32);
    if (value.reason() != null) {
      return value;
    }
    Node[] texts = names.stream().map(this::literal).toArray(Node[]::new);
    Node rest = literal(other);
    Node number = value.node();
    return text((frame, out) -> {
      long index = number.eval(frame);
      (index < texts.length ? texts[(int) index] : rest).write(frame, out);
    });
  }
}
