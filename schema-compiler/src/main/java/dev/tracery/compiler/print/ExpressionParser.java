package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Expression.Assignment;
import dev.tracery.compiler.print.Expression.Binary;
import dev.tracery.compiler.print.Expression.Call;
import dev.tracery.compiler.print.Expression.Cast;
import dev.tracery.compiler.print.Expression.CompoundLiteral;
import dev.tracery.compiler.print.Expression.Conditional;
import dev.tracery.compiler.print.Expression.FieldReference;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.Identifier;
import dev.tracery.compiler.print.Expression.Index;
import dev.tracery.compiler.print.Expression.Initializer;
import dev.tracery.compiler.print.Expression.InitializerList;
import dev.tracery.compiler.print.Expression.Member;
import dev.tracery.compiler.print.Expression.NamedValue;
import dev.tracery.compiler.print.Expression.SizeOf;
import dev.tracery.compiler.print.Expression.SizeOfType;
import dev.tracery.compiler.print.Expression.StatementExpression;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.compiler.print.Expression.TypeOperand;
import dev.tracery.compiler.print.Expression.Unary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads C expressions by recursive descent. Its methods begin at the current token and end at the
/// one after what they read.
final class ExpressionParser {

  private static final Identifier RECORD = new Identifier("REC");

  private final Lexer lexer;
  private final FieldNames fields;
  private final int maxHeight;
  private final TypeNameParser types;
  private final StatementParser statements;
  private final List<HelperCall> tables = new ArrayList<>(2);
  private final List<HelperCall> bitmasks = new ArrayList<>(0);

  private int depth;
  private int height;

  /// @param fields where the fields' names go
  /// @param maxHeight how high a tree may be, and how deep brackets may nest
  ExpressionParser(Lexer lexer, FieldNames fields, int maxHeight) {
    this.lexer = lexer;
    this.fields = fields;
    this.maxHeight = maxHeight;
    this.types = new TypeNameParser(lexer);
    this.statements = new StatementParser(lexer, types, this);
  }

  /// The calls that name values, of all expressions that were read.
  List<HelperCall> tables() {
    return tables;
  }

  /// The calls that print sets of bits, of all expressions that were read.
  List<HelperCall> bitmasks() {
    return bitmasks;
  }

  /// Reads a whole print format: a format string, and arguments after commas.
  PrintFormat.Tree printFormat() {
    if (lexer.next() != Token.STRING) {
      throw new NotUnderstood(lexer.start(), "expected a format string but found " + lexer.found());
    }
    String format = strings();
    if (lexer.token() == Token.WORD) {
      throw new NotUnderstood(
          lexer.start(), "the format string has a part that is not known: " + lexer.found());
    }
    return new PrintFormat.Tree(format, rest());
  }

  /// Reads what comes after a format string: arguments, each after a comma.
  List<Expression> argumentsAfterFormat() {
    lexer.next();
    return rest();
  }

  private List<Expression> rest() {
    List<Expression> arguments = new ArrayList<>();
    while (lexer.token() == ',') {
      // Why: macros leave a comma after the format string, with nothing after it.
      if (lexer.next() == Token.END && arguments.isEmpty()) {
        break;
      }
      arguments.add(assignment());
    }
    expectEnd();
    return arguments;
  }

  /// Reads one expression and nothing after it.
  Expression whole() {
    lexer.next();
    Expression whole = expression();
    expectEnd();
    return whole;
  }

  private void expectEnd() {
    if (lexer.token() != Token.END) {
      throw new NotUnderstood(
          lexer.start(), "expected a comma or the end but found " + lexer.found());
    }
  }

  /// Reads an expression, commas included.
  Expression expression() {
    Expression left = assignment();
    int tallest = height;
    while (lexer.token() == ',') {
      lexer.next();
      Expression right = assignment();
      tallest = above(Math.max(tallest, height));
      left = new Binary(BinaryOperator.COMMA, left, right);
    }
    height = tallest;
    return left;
  }

  /// Reads an expression up to a comma.
  Expression assignment() {
    Expression target = conditional();
    int token = lexer.token();
    BinaryOperator operator = Token.assignmentOperator(token);
    if (token != '=' && operator == null) {
      return target;
    }
    int tallest = height;
    lexer.next();
    enter();
    Expression value = assignment();
    depth--;
    height = above(Math.max(tallest, height));
    return new Assignment(Optional.ofNullable(operator), target, value);
  }

  /// Reads an expression without assignments: what `case` and brackets have.
  Expression conditional() {
    Expression condition = binary(1);
    if (lexer.token() != '?') {
      return condition;
    }
    int tallest = height;
    enter();
    Optional<Expression> whenTrue = Optional.empty();
    if (lexer.next() != ':') {
      whenTrue = Optional.of(expression());
      tallest = Math.max(tallest, height);
    }
    expect(':');
    Expression whenFalse = conditional();
    depth--;
    height = above(Math.max(tallest, height));
    return new Conditional(condition, whenTrue, whenFalse);
  }

  /// Reads operands and operators that bind at least as strongly as `precedence`.
  private Expression binary(int precedence) {
    Expression left = unary();
    BinaryOperator operator = Token.operator(lexer.token());
    if (operator == null) {
      return left;
    }
    int tallest = height;
    while (operator != null && operator.precedence() >= precedence) {
      lexer.next();
      Expression right = binary(operator.precedence() + 1);
      tallest = above(Math.max(tallest, height));
      left = new Binary(operator, left, right);
      operator = Token.operator(lexer.token());
    }
    height = tallest;
    return left;
  }

  private Expression unary() {
    UnaryOperator operator =
        switch (lexer.token()) {
          case '-' -> UnaryOperator.MINUS;
          case '+' -> UnaryOperator.PLUS;
          case '!' -> UnaryOperator.NOT;
          case '~' -> UnaryOperator.COMPLEMENT;
          case '*' -> UnaryOperator.DEREFERENCE;
          case '&' -> UnaryOperator.ADDRESS_OF;
          case Token.INCREMENT -> UnaryOperator.PRE_INCREMENT;
          case Token.DECREMENT -> UnaryOperator.PRE_DECREMENT;
          default -> null;
        };
    if (operator == null) {
      return postfix(primary());
    }
    lexer.next();
    enter();
    Expression operand = unary();
    depth--;
    height = above(height);
    return new Unary(operator, operand);
  }

  private Expression primary() {
    height = 1;
    switch (lexer.token()) {
      case Token.INTEGER -> {
        Expression literal = lexer.integer();
        lexer.next();
        return literal;
      }
      case Token.STRING -> {
        return new StringLiteral(strings());
      }
      case '(' -> {
        enter();
        Expression inBrackets = inBrackets();
        depth--;
        return inBrackets;
      }
      case Token.WORD -> {
        return word();
      }
      default ->
          throw new NotUnderstood(
              lexer.start(), "expected an expression but found " + lexer.found());
    }
  }

  /// Reads strings that follow each other.
  String strings() {
    String first = lexer.string();
    if (lexer.next() != Token.STRING) {
      return first;
    }
    StringBuilder all = new StringBuilder(first);
    while (lexer.token() == Token.STRING) {
      all.append(lexer.string());
      lexer.next();
    }
    return all.toString();
  }

  private Expression inBrackets() {
    lexer.next();
    if (lexer.token() == '{') {
      lexer.next();
      List<Statement> body = statements.untilClosed();
      expect(')');
      HelperCall table = UnrolledTable.read(body);
      if (table != null) {
        tables.add(table);
        return table;
      }
      return new StatementExpression(body);
    }
    if (!types.isTypeInBrackets(true)) {
      Expression inner = expression();
      expect(')');
      return inner;
    }
    TypeName type = types.type();
    expect(')');
    if (lexer.token() == '{') {
      InitializerList value = initializerList();
      height = above(height);
      return new CompoundLiteral(type, value);
    }
    Expression operand = unary();
    height = above(height);
    return new Cast(type, operand);
  }

  private Expression word() {
    String word = lexer.word();
    int next = lexer.next();
    if (word.equals("REC")) {
      return RECORD;
    }
    if (word.equals("sizeof")) {
      return sizeOf();
    }
    if (next == '(') {
      Helper helper = word.startsWith("_") || word.startsWith("f") ? Helper.named(word) : null;
      if (helper != null) {
        return helperCall(helper);
      }
    }
    return new Identifier(word);
  }

  private Expression postfix(Expression first) {
    Expression expression = first;
    while (true) {
      switch (lexer.token()) {
        case Token.ARROW, '.' -> {
          boolean indirect = lexer.token() == Token.ARROW;
          if (lexer.next() != Token.WORD) {
            throw new NotUnderstood(
                lexer.start(), "expected a field's name but found " + lexer.found());
          }
          String name = lexer.word();
          if (expression == RECORD && indirect) {
            fields.use(name, lexer.start());
            expression = new FieldReference(name);
          } else {
            expression = new Member(expression, indirect, name);
            height = above(height);
          }
          lexer.next();
        }
        case '[' -> {
          int tallest = height;
          lexer.next();
          enter();
          Expression index = expression();
          depth--;
          expect(']');
          height = above(Math.max(tallest, height));
          expression = new Index(expression, index);
        }
        case '(' -> {
          int tallest = height;
          List<Expression> arguments = arguments();
          height = above(Math.max(tallest, height));
          expression = new Call(expression, arguments);
        }
        case Token.INCREMENT, Token.DECREMENT -> {
          expression =
              new Unary(
                  lexer.token() == Token.INCREMENT
                      ? UnaryOperator.POST_INCREMENT
                      : UnaryOperator.POST_DECREMENT,
                  expression);
          height = above(height);
          lexer.next();
        }
        default -> {
          return expression;
        }
      }
    }
  }

  private Expression sizeOf() {
    if (lexer.token() == '(') {
      int start = lexer.start();
      lexer.next();
      if (types.isTypeInBrackets(false)) {
        TypeName type = types.type();
        expect(')');
        return new SizeOfType(type);
      }
      lexer.reset(start);
    }
    enter();
    Expression operand = unary();
    depth--;
    height = above(height);
    return new SizeOf(operand);
  }

  private List<Expression> arguments() {
    int tallest = 0;
    enter();
    List<Expression> arguments = new ArrayList<>(4);
    if (lexer.next() != ')') {
      arguments.add(argument());
      tallest = height;
      while (lexer.token() == ',') {
        lexer.next();
        arguments.add(argument());
        tallest = Math.max(tallest, height);
      }
    }
    expect(')');
    depth--;
    height = tallest;
    return arguments;
  }

  private Expression argument() {
    if (!types.isType()) {
      return assignment();
    }
    TypeName type = types.type();
    height = 1;
    return new TypeOperand(type);
  }

  private Expression helperCall(Helper helper) {
    int start = lexer.start();
    int tallest = 0;
    enter();
    List<Expression> arguments = new ArrayList<>(2);
    List<NamedValue> names = helper.namesValues() ? new ArrayList<>() : List.of();
    lexer.next();
    while (lexer.token() != ')') {
      if (helper.namesValues() && lexer.token() == '{') {
        namedValue(names);
      } else if (arguments.isEmpty() && helper.takes() == Helper.Takes.FIELD) {
        arguments.add(fieldName());
      } else {
        arguments.add(assignment());
      }
      tallest = Math.max(tallest, height);
      if (lexer.token() == ',') {
        lexer.next();
      } else if (lexer.token() != ')') {
        expect(')');
      }
    }
    if (!helper.accepts(arguments.size())) {
      throw new NotUnderstood(
          start, helper.functionName() + " is not called with " + arguments.size() + " arguments");
    }
    lexer.next();
    depth--;
    height = above(tallest);
    HelperCall call = new HelperCall(helper, arguments, names);
    if (helper.namesValues()) {
      tables.add(call);
    } else if (helper.readsBitmask()) {
      bitmasks.add(call);
    }
    return call;
  }

  private Expression fieldName() {
    if (lexer.token() != Token.WORD || lexer.word().equals("REC")) {
      return assignment();
    }
    FieldReference field = new FieldReference(lexer.word());
    fields.use(lexer.word(), lexer.start());
    lexer.next();
    height = 1;
    return field;
  }

  private void namedValue(List<NamedValue> to) {
    height = 1;
    // Why: kvm_inj_exception of Linux 6.1 has a table with nothing in it: `{ }`.
    if (lexer.next() == '}') {
      lexer.next();
      return;
    }
    Expression value = assignment();
    int tallest = height;
    expect(',');
    Expression name = assignment();
    height = above(Math.max(tallest, height));
    if (lexer.token() == ',') {
      lexer.next();
    }
    expect('}');
    to.add(new NamedValue(value, name));
  }

  /// Reads an initial value: an expression or a list in braces.
  Expression initialValue() {
    return lexer.token() == '{' ? initializerList() : assignment();
  }

  private InitializerList initializerList() {
    int tallest = 0;
    enter();
    List<Initializer> elements = new ArrayList<>();
    lexer.next();
    while (lexer.token() != '}') {
      elements.add(initializer());
      tallest = Math.max(tallest, height);
      if (lexer.token() == ',') {
        lexer.next();
      } else if (lexer.token() != '}') {
        expect('}');
      }
    }
    lexer.next();
    depth--;
    height = above(tallest);
    return new InitializerList(elements);
  }

  private Initializer initializer() {
    String designator = "";
    if (lexer.token() == '.' || lexer.token() == '[') {
      int start = lexer.start();
      if (lexer.token() == '.') {
        lexer.next();
        start = lexer.start();
        lexer.next();
        designator = lexer.rejoined(start);
      } else {
        designator = types.group();
      }
      expect('=');
    }
    return new Initializer(designator, initialValue());
  }

  /// Goes past a token that must be here.
  void expect(char token) {
    if (lexer.token() != token) {
      throw new NotUnderstood(
          lexer.start(), "expected \"" + token + "\" but found " + lexer.found());
    }
    lexer.next();
  }

  /// Begins a nested expression; what ends it decrements [#depth].
  void enter() {
    if (++depth > maxHeight) {
      throw tooHigh();
    }
  }

  /// Ends a nested expression.
  void leave() {
    depth--;
  }

  /// How high the tree is that was read last.
  int height() {
    return height;
  }

  /// Says how high the tree is that was read last.
  void setHeight(int height) {
    this.height = height;
  }

  private int above(int below) {
    if (below >= maxHeight) {
      throw tooHigh();
    }
    return below + 1;
  }

  private NotUnderstood tooHigh() {
    return new NotUnderstood(
        lexer.start(), "the expression is nested more than " + maxHeight + " levels deep");
  }
}
