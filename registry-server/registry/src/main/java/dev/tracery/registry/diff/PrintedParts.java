package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.compiler.print.ConstantFolder;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.Expression.Binary;
import dev.tracery.compiler.print.Expression.Cast;
import dev.tracery.compiler.print.Expression.FieldReference;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.compiler.print.TypeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Takes apart what an event prints.
final class PrintedParts {

  private final Layout layout;
  private final ExpressionText same;
  private final ExpressionText forPeople;

  /// @param otherSymbols the fields whose names of values are left out of the comparison
  PrintedParts(Layout layout, Set<String> otherSymbols) {
    this.layout = layout;
    ConstantFolder folder = new ConstantFolder(layout.target().wordSize());
    this.same =
        new ExpressionText(
            folder,
            call -> {
              String field = namedField(call);
              return field != null && otherSymbols.contains(field);
            },
            true);
    this.forPeople = new ExpressionText(folder, call -> namedField(call) != null, false);
  }

  List<TextPart> of(PrintFormat.Tree tree) {
    List<TextPart> parts = new ArrayList<>();
    int next = 0;
    for (FormatString.Part part : FormatString.parts(tree.format())) {
      if (part.isLiteral()) {
        words(part.text(), parts);
        continue;
      }
      int end = Math.min(tree.arguments().size(), next + part.arguments());
      conversion(part.text(), tree.arguments().subList(next, end), parts);
      next = end;
    }
    return parts;
  }

  /// A string that is always the same (`"%s", "text"`) is as good as a text.
  private void conversion(String text, List<Expression> arguments, List<TextPart> parts) {
    if (text.equals("%s")
        && arguments.size() == 1
        && arguments.getFirst() instanceof StringLiteral(String value)) {
      words(value, parts);
      return;
    }
    List<String> what = new ArrayList<>(arguments.size());
    List<String> written = new ArrayList<>(arguments.size());
    for (Expression argument : arguments) {
      what.add(same.written(withoutIdleCasts(argument)));
      written.add(forPeople.written(argument));
    }
    parts.add(new TextPart.Conversion(text, what, written));
  }

  /// Words with what is tied to them (`prev_pid=`), runs of blanks, and signs.
  private static void words(String text, List<TextPart> parts) {
    int start = 0;
    while (start < text.length()) {
      int end = start + 1;
      char first = text.charAt(start);
      if (isWord(first)) {
        while (end < text.length() && isWord(text.charAt(end))) {
          end++;
        }
        if (end < text.length() && (text.charAt(end) == '=' || text.charAt(end) == ':')) {
          end++;
        }
      } else if (first == ' ') {
        while (end < text.length() && text.charAt(end) == ' ') {
          end++;
        }
      }
      parts.add(new TextPart.Word(text.substring(start, end)));
      start = end;
    }
  }

  private static boolean isWord(char c) {
    return c == '_' || Character.isLetterOrDigit(c);
  }

  /// Without casts that change neither the value nor its sign: `(unsigned long long)` before a
  /// `u64`.
  private Expression withoutIdleCasts(Expression expression) {
    if (!(expression instanceof Cast(TypeName name, Expression operand))) {
      return expression;
    }
    Expression inner = withoutIdleCasts(operand);
    IntegerType type = name.integerType();
    Field field = inner instanceof FieldReference(String of) ? integer(of) : null;
    if (type == null || type == IntegerType.BOOL || field == null) {
      return new Cast(name, inner);
    }
    int size = type.size(layout.target().wordSize());
    boolean idle = size == field.size() || size > field.size() && field.kind() != FieldKind.SIGNED;
    return idle ? inner : new Cast(name, inner);
  }

  private @Nullable Field integer(String name) {
    for (Field field : layout.fields()) {
      if (field.name().equals(name) && field.placement() == Placement.FIXED) {
        return field.kind().isInteger() ? field : null;
      }
    }
    return null;
  }

  /// The field whose values the call names; null if it is none, or not one alone.
  private static @Nullable String namedField(HelperCall call) {
    return call.helper().namesValues() ? field(call.arguments().getFirst()) : null;
  }

  private static @Nullable String field(Expression expression) {
    return switch (expression) {
      case FieldReference(String name) -> name;
      case Cast(_, Expression operand) -> field(operand);
      case Binary(_, Expression left, Expression right) -> {
        String ofLeft = field(left);
        yield ofLeft == null ? field(right) : ofLeft;
      }
      default -> null;
    };
  }
}
