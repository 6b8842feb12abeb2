package dev.tracery.render.evaluate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.BinaryOperator;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.PrintParser;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.compiler.print.UnaryOperator;
import dev.tracery.model.WordSize;
import dev.tracery.render.TextBuffer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compiles the expressions of one print format. What cannot be evaluated becomes an operand of an
/// unknown type, whose node throws when a record needs it: the other branch of a `?:` stays good.
public final class ExpressionCompiler {

  private static final int MAX_HEIGHT = 200;

  private final WordSize wordSize;
  private final Fields fields;
  private final Types types;
  private final Structs structs = new Structs();
  private final Arithmetic arithmetic;
  private final Pointers pointers;
  private final Constants constants = new Constants();
  private final Variables variables;
  private final HelperCompiler helpers;
  private final FunctionCompiler functions;
  private final Set<String> unknowns = new LinkedHashSet<>();

  /// For a layout's print format.
  public ExpressionCompiler(Layout layout) {
    this.wordSize = layout.target().wordSize();
    this.fields = new Fields(layout, structs);
    this.types = new Types(wordSize, fields.plainChar(), structs, this::typeOf);
    this.arithmetic = new Arithmetic(wordSize);
    this.pointers = new Pointers(wordSize);
    this.variables = new Variables(wordSize);
    this.helpers = new HelperCompiler(this, layout);
    this.functions = new FunctionCompiler(this);
  }

  /// Compiles an argument that is printed as an integer.
  public Node integer(Expression expression, IntegerType type) {
    return asInteger(compile(expression), type).node();
  }

  /// Compiles an argument that is printed through its address.
  public Node pointer(Expression expression) {
    return asPointer(compile(expression)).node();
  }

  /// How large what an argument points to is; -1 if that is not known.
  public int pointeeSize(Expression expression) {
    return decayed(compile(expression)).type() instanceof CType.Pointer(CType to)
            && !(to instanceof CType.Void)
        ? to.size(wordSize)
        : -1;
  }

  /// The constants of all expressions that were compiled.
  public byte[] constants() {
    return constants.bytes();
  }

  /// How many bytes the variables of all expressions need.
  public int variableBytes() {
    return variables.bytes();
  }

  /// Why parts of what was compiled cannot be evaluated, whatever the record.
  public List<String> unknowns() {
    return List.copyOf(unknowns);
  }

  WordSize wordSize() {
    return wordSize;
  }

  Constants constantPool() {
    return constants;
  }

  Pointers pointers() {
    return pointers;
  }

  Fields fields() {
    return fields;
  }

  Types types() {
    return types;
  }

  Variables variables() {
    return variables;
  }

  private Operand unknown(String reason) {
    unknowns.add(reason);
    return Operand.unknown(reason);
  }

  private CType typeOf(String text) {
    Optional<Expression> expression = new PrintParser(wordSize, MAX_HEIGHT).expression(text);
    return expression.isEmpty()
        ? new CType.Unknown("typeof(" + text + ")")
        : quietly(expression.get()).type();
  }

  /// Compiles what is never evaluated.
  Operand quietly(Expression expression) {
    Set<String> before = Set.copyOf(unknowns);
    Operand operand = compile(expression);
    unknowns.retainAll(before);
    return operand;
  }

  /// Compiles an expression.
  Operand compile(Expression expression) {
    Operand operand = operand(expression);
    String reason = operand.reason();
    if (reason != null) {
      unknowns.add(reason);
    }
    return operand;
  }

  private Operand operand(Expression expression) {
    return switch (expression) {
      case Expression.IntegerLiteral(long value, IntegerType type) ->
          Operand.constant(new CType.Int(type), value);
      case Expression.StringLiteral(String value) -> constants.string(value, fields.plainChar());
      case Expression.Identifier(String name) -> identifier(name);
      case Expression.FieldReference(String name) -> field(name);
      case Expression.Member member -> member(member);
      case Expression.Index(Expression array, Expression index) -> index(array, index);
      case Expression.Cast(TypeName type, Expression operand) ->
          cast(types.named(type), compile(operand));
      case Expression.SizeOfType(TypeName type) -> sizeOf(types.named(type));
      case Expression.SizeOf(Expression operand) -> sizeOf(quietly(operand).type());
      case Expression.TypeOperand _ -> unknown("a type as a value");
      case Expression.Unary(UnaryOperator operator, Expression operand) -> unary(operator, operand);
      case Expression.Binary(BinaryOperator operator, Expression left, Expression right) ->
          binary(operator, left, right);
      case Expression.Conditional conditional -> conditional(conditional);
      case Expression.Assignment assignment -> assignment(assignment);
      case Expression.Call(Expression.Identifier(String name), List<Expression> arguments) ->
          functions.call(name, arguments);
      case Expression.Call _ -> unknown("a call through a pointer");
      case Expression.HelperCall call -> helpers.call(call);
      case Expression.InitializerList _ -> unknown("a list of values");
      case Expression.CompoundLiteral(TypeName type, Expression.InitializerList value) ->
          new StatementCompiler(this).compoundLiteral(types.named(type), value);
      case Expression.StatementExpression(var statements) ->
          new StatementCompiler(this).value(statements);
    };
  }

  private Operand identifier(String name) {
    Variables.Variable variable = variables.find(name);
    if (variable != null) {
      Node address = variable.address();
      return variable.type() instanceof CType.Pointer
          ? new Operand(
              variable.type(),
              frame -> frame.load(address.eval(frame), Variables.POINTER),
              false,
              address)
          : pointers.object(variable.type(), address);
    }
    Integer enumerator = KnownEnumerators.of(name);
    if (enumerator != null) {
      return Operand.constant(CType.INT, enumerator);
    }
    return switch (name) {
      case "true" -> Operand.constant(CType.INT, 1);
      case "false" -> Operand.constant(CType.INT, 0);
      case "NULL" -> Operand.constant(CType.ADDRESS, 0);
      // Why: the events of usb gadgets forgot __entry-> before it, and the function that the print
      // format is in (include/trace/stages, trace_raw_output_*) has a variable of that name, which
      // is TRACE_TYPE_HANDLED where the print format is evaluated.
      case "ret" -> Operand.constant(CType.INT, 1);
      case "REC" -> Operand.constant(CType.ADDRESS, Address.of(Address.RECORD, 0));
      default -> unknown("the value of " + name);
    };
  }

  private Operand field(String name) {
    Field field = fields.find(name);
    return field == null ? unknown("a field " + name) : fields.operand(field);
  }

  private Operand member(Expression.Member member) {
    Operand object = compile(member.object());
    CType type = object.type();
    Node address = object.address();
    if (member.indirect()) {
      Operand pointer = decayed(object);
      address = pointer.node();
      type = pointer.type() instanceof CType.Pointer(CType to) ? to : pointer.type();
    }
    if (type instanceof CType.Unknown) {
      return object;
    }
    Structs.Member known =
        type instanceof CType.Struct struct ? Structs.member(struct, member.name()) : null;
    if (known == null || address == null) {
      return unknown(
          "the member "
              + member.name()
              + (type instanceof CType.Struct(String name, _) ? " of " + name : ""));
    }
    Operand at = Operand.constant(new CType.Int(IntegerType.LONG), known.offset());
    Node from =
        pointers
            .add(new Operand(CType.ADDRESS, address), new CType.Void(), at.node(), false)
            .node();
    return pointers.object(known.type(), from);
  }

  private Operand index(Expression array, Expression index) {
    Operand a = decayed(compile(array));
    Operand b = decayed(compile(index));
    // Why: C lets i[array] be array[i].
    boolean swapped = b.type() instanceof CType.Pointer;
    return dereferenced(added(swapped ? b : a, swapped ? a : b, false));
  }

  private Operand dereferenced(Operand pointer) {
    if (pointer.type() instanceof CType.Pointer(CType to)) {
      return pointers.object(to, pointer.node());
    }
    return pointer.reason() != null ? pointer : unknown("what a number points to");
  }

  private Operand added(Operand pointer, Operand index, boolean minus) {
    if (pointer.reason() != null) {
      return pointer;
    }
    if (index.reason() != null) {
      return index;
    }
    if (pointer.type() instanceof CType.Pointer(CType to) && index.type() instanceof CType.Int) {
      return pointers.add(pointer, to, index.node(), minus);
    }
    return unknown("arithmetic with what is no number");
  }

  private Operand sizeOf(CType type) {
    int size = type.size(wordSize);
    return size < 0 ? unknown(Pointers.sizeOf(type)) : Operand.constant(Types.sizeType(), size);
  }

  /// Arrays become the address of their first element.
  Operand decayed(Operand operand) {
    return operand.type() instanceof CType.Array(CType of, _)
        ? new Operand(new CType.Pointer(of), operand.node(), operand.constant(), null)
        : operand;
  }

  /// `(type)operand`.
  Operand cast(CType type, Operand from) {
    return switch (type) {
      case CType.Int(IntegerType integer) -> asInteger(from, integer);
      case CType.Pointer _ -> {
        Operand pointer = asPointer(from);
        yield pointer.reason() != null
            ? pointer
            : new Operand(type, pointer.node(), pointer.constant(), null);
      }
      case CType.Void() -> new Operand(type, from.node());
      case CType.Struct(String name, _) -> from.type().equals(type) ? from : unknown("a " + name);
      case CType.Array _ -> unknown("a cast to an array");
      case CType.Unknown(String reason) -> unknown(reason);
    };
  }

  /// An operand as an integer of a type.
  Operand asInteger(Operand operand, IntegerType to) {
    Operand from = decayed(operand);
    Node value = from.node();
    return switch (from.type()) {
      case CType.Int(IntegerType type) ->
          type == to
              ? from
              : Arithmetic.folded(
                  new CType.Int(to), arithmetic.convert(value, type, to), from.constant());
      case CType.Pointer _ ->
          to == IntegerType.BOOL
              ? Arithmetic.folded(
                  new CType.Int(to), frame -> value.eval(frame) != 0 ? 1 : 0, from.constant())
              : Arithmetic.folded(
                  new CType.Int(to),
                  arithmetic.convert(
                      frame -> Pointers.toNumber(value.eval(frame)), IntegerType.UNSIGNED_LONG, to),
                  from.constant());
      case CType.Unknown(String reason) -> Operand.unknown(reason);
      case CType.Struct(String name, _) -> unknown("the value of a " + name);
      case CType.Void(), CType.Array _ -> unknown("a value that is none");
    };
  }

  /// An operand as an address.
  Operand asPointer(Operand operand) {
    Operand from = decayed(operand);
    return switch (from.type()) {
      case CType.Pointer _ -> from;
      case CType.Int(IntegerType type) -> {
        Node number = arithmetic.convert(from.node(), type, IntegerType.UNSIGNED_LONG);
        yield Arithmetic.folded(
            CType.ADDRESS, frame -> Pointers.fromKernel(number.eval(frame)), from.constant());
      }
      case CType.Unknown(String reason) -> Operand.unknown(reason);
      case CType.Struct(String name, _) -> unknown("the address of a " + name);
      case CType.Void(), CType.Array _ -> unknown("a value that is none");
    };
  }

  private Operand unary(UnaryOperator operator, Expression expression) {
    if (operator == UnaryOperator.ADDRESS_OF) {
      return addressOf(compile(expression));
    }
    Operand operand = decayed(compile(expression));
    if (operand.reason() != null) {
      return operand;
    }
    return switch (operator) {
      case DEREFERENCE -> dereferenced(operand);
      case NOT -> negated(operand);
      case MINUS, COMPLEMENT, PLUS -> {
        if (!(operand.type() instanceof CType.Int(IntegerType type))) {
          yield unknown("arithmetic with what is no number");
        }
        yield switch (operator) {
          case MINUS -> arithmetic.unaryMinus(operand, type);
          case COMPLEMENT -> arithmetic.complement(operand, type);
          default -> arithmetic.plus(operand, type);
        };
      }
      case PRE_INCREMENT -> stepped(operand, BinaryOperator.ADD, true);
      case PRE_DECREMENT -> stepped(operand, BinaryOperator.SUBTRACT, true);
      case POST_INCREMENT -> stepped(operand, BinaryOperator.ADD, false);
      case POST_DECREMENT -> stepped(operand, BinaryOperator.SUBTRACT, false);
      case ADDRESS_OF -> throw new IllegalStateException("done before");
    };
  }

  private Operand addressOf(Operand operand) {
    if (operand.reason() != null) {
      return operand;
    }
    Node address = operand.address();
    return address == null
        ? unknown("the address of a value")
        : new Operand(new CType.Pointer(operand.type()), address);
  }

  private static Operand negated(Operand operand) {
    Node value = operand.node();
    return Arithmetic.truth(frame -> value.eval(frame) == 0 ? 1 : 0, operand.constant());
  }

  private Operand stepped(Operand target, BinaryOperator operator, boolean before) {
    Operand one = Operand.constant(CType.INT, 1);
    Operand stored = stored(target, computed(operator, target, one));
    if (before || stored.reason() != null) {
      return stored;
    }
    Node old = target.node();
    Node store = stored.node();
    return new Operand(
        target.type(),
        frame -> {
          long value = old.eval(frame);
          store.eval(frame);
          return value;
        });
  }

  private Operand assignment(Expression.Assignment assignment) {
    Operand target = compile(assignment.target());
    Operand value = compile(assignment.value());
    return stored(
        target,
        assignment.operator().isEmpty()
            ? value
            : computed(assignment.operator().get(), target, value));
  }

  /// `target = value`.
  Operand stored(Operand target, Operand value) {
    if (target.reason() != null) {
      return target;
    }
    if (value.reason() != null) {
      return value;
    }
    Node to = target.address();
    Operand converted = cast(target.type(), value);
    if (to == null
        || converted.reason() != null
        || !(target.type() instanceof CType.Int || target.type() instanceof CType.Pointer)) {
      return unknown("an assignment of what is no number");
    }
    Node from = converted.node();
    int size =
        target.type() instanceof CType.Pointer ? Variables.POINTER : target.type().size(wordSize);
    return new Operand(
        target.type(),
        frame -> {
          long result = from.eval(frame);
          frame.store(to.eval(frame), size, result);
          return result;
        });
  }

  private Operand binary(BinaryOperator operator, Expression left, Expression right) {
    if (operator == BinaryOperator.LOGICAL_AND || operator == BinaryOperator.LOGICAL_OR) {
      return logical(operator == BinaryOperator.LOGICAL_AND, compile(left), right);
    }
    Operand a = compile(left);
    Operand b = compile(right);
    if (operator != BinaryOperator.COMMA) {
      return computed(operator, a, b);
    }
    Node first = a.node();
    Node second = b.node();
    return new Operand(
        b.type(),
        frame -> {
          first.eval(frame);
          return second.eval(frame);
        });
  }

  private Operand logical(boolean and, Operand a, Expression right) {
    if (a.constant() && a.value() == 0 == and) {
      return Operand.constant(CType.INT, and ? 0 : 1);
    }
    Operand b = compile(right);
    Node x = decayed(a).node();
    Node y = decayed(b).node();
    return Arithmetic.truth(
        and
            ? frame -> x.eval(frame) != 0 && y.eval(frame) != 0 ? 1 : 0
            : frame -> x.eval(frame) != 0 || y.eval(frame) != 0 ? 1 : 0,
        a.constant() && b.constant());
  }

  /// An operator with two operands, not a logical one and not the comma.
  Operand computed(BinaryOperator operator, Operand left, Operand right) {
    Operand a = decayed(left);
    Operand b = decayed(right);
    if (a.reason() != null) {
      return a;
    }
    if (b.reason() != null) {
      return b;
    }
    if (a.type() instanceof CType.Int(IntegerType x)
        && b.type() instanceof CType.Int(IntegerType y)) {
      return arithmetic.binary(operator, a, x, b, y);
    }
    boolean first = a.type() instanceof CType.Pointer;
    boolean second = b.type() instanceof CType.Pointer;
    if (!first && !second) {
      return unknown("arithmetic with what is no number");
    }
    return switch (operator) {
      case ADD -> first ? added(a, b, false) : added(b, a, false);
      case SUBTRACT ->
          first && second
              ? pointers.difference(a, b, ((CType.Pointer) a.type()).to())
              : first ? added(a, b, true) : unknown("arithmetic with what is no number");
      case EQUAL, NOT_EQUAL, LESS, GREATER, LESS_OR_EQUAL, GREATER_OR_EQUAL ->
          pointers.compare(operator, asPointer(a), asPointer(b));
      default -> unknown("arithmetic with what is no number");
    };
  }

  private Operand conditional(Expression.Conditional conditional) {
    Operand condition = decayed(compile(conditional.condition()));
    if (condition.reason() != null) {
      return condition;
    }
    if (condition.constant()) {
      boolean chosen = condition.value() != 0;
      Expression whenTrue = conditional.whenTrue().orElse(conditional.condition());
      Operand a = chosen ? compile(whenTrue) : quietly(whenTrue);
      Operand b = chosen ? quietly(conditional.whenFalse()) : compile(conditional.whenFalse());
      Operand taken = decayed(chosen ? a : b);
      Operand other = decayed(chosen ? b : a);
      return taken.reason() != null || other.reason() != null
          ? taken
          : converted(taken, commonType(decayed(a), decayed(b)));
    }
    Operand whenTrue =
        conditional.whenTrue().isEmpty()
            ? condition
            : decayed(compile(conditional.whenTrue().get()));
    Operand whenFalse = decayed(compile(conditional.whenFalse()));
    CType type = commonType(whenTrue, whenFalse);
    if (type instanceof CType.Unknown(String reason)) {
      return unknown(reason);
    }
    return choice(
        condition.node(),
        converted(whenTrue, type).node(),
        converted(whenFalse, type).node(),
        type);
  }

  private static Operand choice(Node condition, Node whenTrue, Node whenFalse, CType type) {
    return new Operand(
        type,
        new Node() {
          @Override
          public long eval(Frame frame) {
            return (condition.eval(frame) != 0 ? whenTrue : whenFalse).eval(frame);
          }

          @Override
          public void write(Frame frame, TextBuffer out) {
            (condition.eval(frame) != 0 ? whenTrue : whenFalse).write(frame, out);
          }
        });
  }

  private Operand converted(Operand operand, CType type) {
    if (operand.reason() != null || operand.type().equals(type)) {
      return operand;
    }
    return cast(type, operand);
  }

  /// The type of `? a : b`.
  private CType commonType(Operand a, Operand b) {
    CType x = a.type();
    CType y = b.type();
    if (x instanceof CType.Int(IntegerType one) && y instanceof CType.Int(IntegerType other)) {
      return new CType.Int(IntegerType.common(one, other, wordSize));
    }
    if (x instanceof CType.Pointer && y instanceof CType.Pointer) {
      if (a.isNull() || b.isNull()) {
        return a.isNull() ? y : x;
      }
      return x.equals(CType.ADDRESS) || y.equals(CType.ADDRESS) ? CType.ADDRESS : x;
    }
    // Why: whatever the unknown branch is, it is a pointer, too, and the known one is good.
    if (x instanceof CType.Pointer && (y instanceof CType.Unknown || y instanceof CType.Int)) {
      return x;
    }
    if (y instanceof CType.Pointer && (x instanceof CType.Unknown || x instanceof CType.Int)) {
      return y;
    }
    if (x instanceof CType.Unknown) {
      return x;
    }
    return x.equals(y) ? x : y instanceof CType.Unknown ? y : new CType.Unknown("two types");
  }

  /// Compiles the arguments of a call.
  List<Operand> all(List<Expression> expressions) {
    List<Operand> operands = new ArrayList<>();
    for (Expression expression : expressions) {
      operands.add(decayed(compile(expression)));
    }
    return operands;
  }
}
