package dev.tracery.compiler.print;

import java.util.List;
import java.util.Optional;

/// A C expression of a print format. Two trees are equal if they have the same form: places,
/// parentheses and blanks are not part of it.
///
/// The height of a tree is bounded by the parser, so that recursion over it is safe.
public sealed interface Expression {

  /// A number, a character, or an enumerator that the kernel replaced by its number.
  ///
  /// @param value sign-extended if the type is signed
  /// @param type the type that C gives it on the kernel's word size
  record IntegerLiteral(long value, IntegerType type) implements Expression {}

  /// A string, or several that follow each other.
  ///
  /// @param value with escapes decoded. Bytes that are no UTF-8 are replaced
  record StringLiteral(String value) implements Expression {}

  /// A name that is no field's: an enumerator that nobody replaced, a variable.
  record Identifier(String name) implements Expression {}

  /// `REC->name`, or a helper's argument that names a field.
  record FieldReference(String name) implements Expression {}

  /// `object.name` and `object->name`.
  ///
  /// @param indirect whether the object is a pointer
  record Member(Expression object, boolean indirect, String name) implements Expression {}

  /// `array[index]`.
  record Index(Expression array, Expression index) implements Expression {}

  /// `(type)operand`.
  record Cast(TypeName type, Expression operand) implements Expression {}

  /// `sizeof(type)`.
  record SizeOfType(TypeName type) implements Expression {}

  /// `sizeof operand`.
  record SizeOf(Expression operand) implements Expression {}

  /// A type as an argument: `__builtin_types_compatible_p(int, long)`.
  record TypeOperand(TypeName type) implements Expression {}

  /// An operator with one operand.
  record Unary(UnaryOperator operator, Expression operand) implements Expression {}

  /// An operator with two operands.
  record Binary(BinaryOperator operator, Expression left, Expression right) implements Expression {}

  /// `condition ? whenTrue : whenFalse`.
  ///
  /// @param whenTrue empty in GNU's `condition ?: whenFalse`, where it is the condition's value
  record Conditional(Expression condition, Optional<Expression> whenTrue, Expression whenFalse)
      implements Expression {}

  /// `target = value`, or with an operator, `target += value`. In statements only.
  record Assignment(Optional<BinaryOperator> operator, Expression target, Expression value)
      implements Expression {}

  /// A call of a function that is no helper.
  record Call(Expression function, List<Expression> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }

  /// A call of a helper.
  ///
  /// @param arguments without the names. A field that the helper takes by name is a
  ///   [FieldReference]
  /// @param names the pairs of value and name, in their order
  record HelperCall(Helper helper, List<Expression> arguments, List<NamedValue> names)
      implements Expression {
    public HelperCall {
      arguments = List.copyOf(arguments);
      names = List.copyOf(names);
    }
  }

  /// `{value, name}` of a helper.
  record NamedValue(Expression value, Expression name) {}

  /// `{ … }` as an initial value.
  record InitializerList(List<Initializer> elements) implements Expression {
    public InitializerList {
      elements = List.copyOf(elements);
    }
  }

  /// One element of an initial value.
  ///
  /// @param designator the member's name in `.name = value`; otherwise empty
  record Initializer(String designator, Expression value) {}

  /// `(type){ … }`.
  record CompoundLiteral(TypeName type, InitializerList value) implements Expression {}

  /// `({ … })`: the value is that of the last statement.
  record StatementExpression(List<Statement> statements) implements Expression {
    public StatementExpression {
      statements = List.copyOf(statements);
    }
  }
}
