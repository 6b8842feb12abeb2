package dev.tracery.render.printf;

import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.WordSize;
import dev.tracery.render.evaluate.ExpressionCompiler;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.Node;
import dev.tracery.render.evaluate.NotEvaluable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Makes the pieces of a print format.
public final class Pieces {

  private static final Node NONE = _ -> -1;
  private static final Node NO_WIDTH = _ -> 0;
  private static final int MAX_WIDTH = 1 << 15;

  private final WordSize wordSize;
  private final ExpressionCompiler expressions;
  private final Set<String> unknowns = new LinkedHashSet<>();
  private final List<Piece> pieces = new ArrayList<>();

  /// For a kernel's print formats.
  public Pieces(WordSize wordSize, ExpressionCompiler expressions) {
    this.wordSize = wordSize;
    this.expressions = expressions;
  }

  /// Makes the pieces. Adjacent literals become one.
  public Piece[] of(PrintFormat.Tree tree) {
    FormatReader reader = new FormatReader(tree.format());
    StringBuilder literal = new StringBuilder();
    int argument = 0;
    while (reader.hasMore()) {
      literal.append(reader.literal());
      if (!reader.hasMore()) {
        break;
      }
      Conversion conversion = reader.conversion();
      if (conversion == null) {
        literal(literal);
        unknown("a conversion that the kernel does not have");
        break;
      }
      if (conversion.letter() == '%') {
        literal.append('%');
        continue;
      }
      literal(literal);
      int taken = argument + conversion.starArguments() + 1;
      if (taken > tree.arguments().size()) {
        unknown("an argument that is missing");
        break;
      }
      conversion(conversion, tree.arguments().subList(argument, taken));
      argument = taken;
    }
    literal(literal);
    return pieces.toArray(Piece[]::new);
  }

  /// Why some of it cannot be printed, whatever the record.
  public List<String> unknowns() {
    Set<String> all = new LinkedHashSet<>(expressions.unknowns());
    all.addAll(unknowns);
    return List.copyOf(all);
  }

  private void literal(StringBuilder text) {
    if (!text.isEmpty()) {
      byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
      pieces.add((_, out) -> out.put(bytes));
      text.setLength(0);
    }
  }

  private void unknown(String reason) {
    unknowns.add(reason);
    pieces.add((_, _) -> {
      throw new NotEvaluable(reason);
    });
  }

  private void conversion(Conversion conversion, List<Expression> arguments) {
    Node width = conversion.width() < 0 ? NO_WIDTH : constant(conversion.width());
    Node precision = constant(conversion.precision());
    int at = 0;
    if (conversion.widthArgument()) {
      width = expressions.integer(arguments.get(at++), IntegerType.INT);
    }
    if (conversion.precisionArgument()) {
      precision = expressions.integer(arguments.get(at++), IntegerType.INT);
    }
    Expression argument = arguments.get(at);
    switch (conversion.letter()) {
      case 's' -> string(conversion, width, precision, argument);
      case 'c' -> character(conversion, width, argument);
      case 'p' -> pointer(conversion, width, argument);
      default -> number(conversion, width, precision, argument);
    }
  }

  private static Node constant(int value) {
    return value < 0 ? NONE : _ -> value;
  }

  private static int width(Node node, Frame frame) {
    long width = node.eval(frame);
    if (width > MAX_WIDTH || width < -MAX_WIDTH) {
      throw new NotEvaluable("a width of " + width);
    }
    return (int) width;
  }

  private void string(Conversion conversion, Node width, Node precision, Expression argument) {
    Node string = expressions.pointer(argument);
    if (width == NO_WIDTH && precision == NONE) {
      pieces.add(string::write);
      return;
    }
    boolean left = conversion.flags().left();
    pieces.add((frame, out) -> {
      int columns = width(width, frame);
      long limit = precision.eval(frame);
      int start = out.length();
      if (limit < 0) {
        string.write(frame, out);
      } else {
        frame.string(string.eval(frame), (int) limit, out);
      }
      Padding.to(columns, left || columns < 0, start, out);
    });
  }

  private void character(Conversion conversion, Node width, Expression argument) {
    Node character = expressions.integer(argument, IntegerType.UNSIGNED_CHAR);
    boolean left = conversion.flags().left();
    pieces.add((frame, out) -> {
      int columns = width(width, frame);
      int start = out.length();
      out.put((int) character.eval(frame));
      Padding.to(columns, left || columns < 0, start, out);
    });
  }

  private void number(Conversion conversion, Node width, Node precision, Expression argument) {
    char letter = conversion.letter();
    boolean signed = letter == 'd' || letter == 'i';
    Node number = expressions.integer(argument, type(conversion.length(), signed));
    Conversion.Flags flags = conversion.flags();
    if (width == NO_WIDTH
        && precision == NONE
        && !flags.plus()
        && !flags.space()
        && !flags.special()) {
      plain(letter, number);
      return;
    }
    int base = letter == 'o' ? 8 : letter == 'x' || letter == 'X' ? 16 : 10;
    NumberFormat format = new NumberFormat(flags, base, signed, letter == 'X');
    if (conversion.widthArgument()) {
      NumberFormat leftToo = new NumberFormat(flags.leftToo(), base, signed, letter == 'X');
      pieces.add((frame, out) -> {
        int columns = width(width, frame);
        int digits = width(precision, frame);
        (columns < 0 ? leftToo : format).append(number.eval(frame), Math.abs(columns), digits, out);
      });
      return;
    }
    int columns = conversion.width();
    if (conversion.precisionArgument()) {
      pieces.add(
          (frame, out) -> format.append(number.eval(frame), columns, width(precision, frame), out));
      return;
    }
    int digits = conversion.precision();
    pieces.add((frame, out) -> format.append(number.eval(frame), columns, digits, out));
  }

  private void plain(char letter, Node number) {
    switch (letter) {
      case 'd', 'i' -> pieces.add((frame, out) -> out.decimal(number.eval(frame)));
      case 'u' -> pieces.add((frame, out) -> out.unsigned(number.eval(frame)));
      case 'x' -> pieces.add((frame, out) -> out.hex(number.eval(frame)));
      default -> {
        NumberFormat format =
            new NumberFormat(
                new Conversion.Flags(false, false, false, false, false),
                letter == 'o' ? 8 : 16,
                false,
                letter == 'X');
        pieces.add((frame, out) -> format.append(number.eval(frame), -1, -1, out));
      }
    }
  }

  private static IntegerType type(String length, boolean signed) {
    IntegerType type =
        switch (length) {
          case "hh" -> IntegerType.SIGNED_CHAR;
          case "h" -> IntegerType.SHORT;
          case "l", "z", "t" -> IntegerType.LONG;
          case "ll" -> IntegerType.LONG_LONG;
          default -> IntegerType.INT;
        };
    return signed ? type : type.unsigned();
  }

  private void pointer(Conversion conversion, Node width, Expression argument) {
    Node address = expressions.pointer(argument);
    PointerText text =
        PointerText.of(conversion.extension(), wordSize, expressions.pointeeSize(argument));
    if (text == null) {
      unknown("%p" + conversion.extension() + ", which reads the kernel's memory");
      return;
    }
    boolean left = conversion.flags().left();
    PointerText.Style style = new PointerText.Style(conversion.width(), conversion.flags());
    if (width == NO_WIDTH) {
      pieces.add((frame, out) -> text.append(frame, address.eval(frame), style, out));
      return;
    }
    pieces.add((frame, out) -> {
      int columns = width(width, frame);
      int start = out.length();
      text.append(frame, address.eval(frame), style.withWidth(Math.abs(columns), columns < 0), out);
      if (text.isPadded()) {
        Padding.to(columns, left || columns < 0, start, out);
      }
    });
  }
}
