package dev.tracery.render.printf;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.WordSize;
import dev.tracery.render.evaluate.ExpressionCompiler;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.Node;
import dev.tracery.render.evaluate.NotEvaluable;
import java.nio.charset.Charset;
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
  private final StringBuilder literal = new StringBuilder();
  private final List<byte[]> literals = new ArrayList<>();
  private final List<Piece> pieces = new ArrayList<>();
  private boolean never;
  private Charset charset = UTF_8;

  /// For a kernel's print formats.
  public Pieces(WordSize wordSize, ExpressionCompiler expressions) {
    this.wordSize = wordSize;
    this.expressions = expressions;
  }

  /// Makes the pieces.
  public Sequence of(PrintFormat.Tree tree) {
    return of(tree.format(), UTF_8, new TreeArguments(tree.arguments(), expressions));
  }

  /// Makes the pieces of a format whose arguments come from elsewhere.
  ///
  /// @param charset what makes bytes of the format
  Sequence of(String format, Charset charset, Arguments arguments) {
    FormatReader reader = new FormatReader(format);
    this.charset = charset;
    int argument = 0;
    while (reader.hasMore()) {
      literal.append(reader.literal());
      if (!reader.hasMore()) {
        break;
      }
      Conversion conversion = reader.conversion();
      if (conversion == null) {
        unknown("a conversion that the kernel does not have");
        break;
      }
      if (conversion.letter() == '%') {
        literal.append('%');
        continue;
      }
      int taken = argument + conversion.starArguments() + 1;
      if (taken > arguments.count()) {
        unknown("an argument that is missing");
        break;
      }
      conversion(conversion, arguments, argument);
      argument = taken;
    }
    literals.add(literal());
    return new Sequence(literals.toArray(byte[][]::new), pieces.toArray(Piece[]::new), never);
  }

  /// Why some of it cannot be printed, whatever the record.
  public List<String> unknowns() {
    Set<String> all = new LinkedHashSet<>(expressions.unknowns());
    all.addAll(unknowns);
    return List.copyOf(all);
  }

  private void add(Piece piece) {
    literals.add(literal());
    pieces.add(piece);
  }

  /// What was read since the last piece.
  private byte[] literal() {
    byte[] bytes = literal.toString().getBytes(charset);
    literal.setLength(0);
    return bytes;
  }

  /// An argument that every record's text needs.
  private Node needed(Node node) {
    never |= node.isUnknown();
    return node;
  }

  private void unknown(String reason) {
    unknowns.add(reason);
    never = true;
    add((_, _) -> {
      throw new NotEvaluable(reason);
    });
  }

  private void conversion(Conversion conversion, Arguments arguments, int first) {
    Node width = conversion.width() < 0 ? NO_WIDTH : constant(conversion.width());
    Node precision = constant(conversion.precision());
    int at = first;
    if (conversion.widthArgument()) {
      width = arguments.integer(at++, IntegerType.INT);
    }
    if (conversion.precisionArgument()) {
      precision = arguments.integer(at++, IntegerType.INT);
    }
    switch (conversion.letter()) {
      case 's' -> string(conversion, width, precision, needed(arguments.string(at)));
      case 'c' ->
          character(conversion, width, needed(arguments.integer(at, IntegerType.UNSIGNED_CHAR)));
      case 'p' -> pointer(conversion, width, arguments, at);
      default -> {
        IntegerType type = type(conversion.length(), isSigned(conversion));
        number(conversion, width, precision, needed(arguments.integer(at, type)));
      }
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

  private void string(Conversion conversion, Node width, Node precision, Node string) {
    if (width == NO_WIDTH && precision == NONE) {
      add(string::write);
      return;
    }
    boolean left = conversion.flags().left();
    boolean precise = conversion.precisionArgument();
    add((frame, out) -> {
      int columns = width(width, frame);
      // Why max: a negative precision that is an argument is 0 (format_decode).
      long limit = precise ? Math.max(0, precision.eval(frame)) : precision.eval(frame);
      int start = out.length();
      if (limit < 0) {
        string.write(frame, out);
      } else {
        frame.string(string.eval(frame), (int) limit, out);
      }
      Padding.to(columns, left || columns < 0, start, out);
    });
  }

  private void character(Conversion conversion, Node width, Node character) {
    boolean left = conversion.flags().left();
    add((frame, out) -> {
      int columns = width(width, frame);
      int start = out.length();
      out.put((int) character.eval(frame));
      Padding.to(columns, left || columns < 0, start, out);
    });
  }

  private static boolean isSigned(Conversion conversion) {
    return conversion.letter() == 'd' || conversion.letter() == 'i';
  }

  private void number(Conversion conversion, Node width, Node precision, Node number) {
    char letter = conversion.letter();
    boolean signed = isSigned(conversion);
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
      add((frame, out) -> {
        int columns = width(width, frame);
        int digits = width(precision, frame);
        (columns < 0 ? leftToo : format).append(number.eval(frame), Math.abs(columns), digits, out);
      });
      return;
    }
    int columns = conversion.width();
    if (conversion.precisionArgument()) {
      add((frame, out) -> format.append(number.eval(frame), columns, width(precision, frame), out));
      return;
    }
    int digits = conversion.precision();
    add((frame, out) -> format.append(number.eval(frame), columns, digits, out));
  }

  private void plain(char letter, Node number) {
    switch (letter) {
      case 'd', 'i' -> add((frame, out) -> out.decimal(number.eval(frame)));
      case 'u' -> add((frame, out) -> out.unsigned(number.eval(frame)));
      case 'x' -> add((frame, out) -> out.hex(number.eval(frame)));
      default -> {
        NumberFormat format =
            new NumberFormat(
                new Conversion.Flags(false, false, false, false, false),
                letter == 'o' ? 8 : 16,
                false,
                letter == 'X');
        add((frame, out) -> format.append(number.eval(frame), -1, -1, out));
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

  private void pointer(Conversion conversion, Node width, Arguments arguments, int index) {
    if (arguments.isRendered(conversion)) {
      // Why no width: the text was brought to it when it was made.
      add(arguments.string(index)::write);
      return;
    }
    Node address = needed(arguments.pointer(index));
    PointerText text =
        PointerText.of(conversion.extension(), wordSize, arguments.pointeeSize(index));
    if (text == null) {
      unknown("%p" + conversion.extension() + ", which reads the kernel's memory");
      return;
    }
    boolean left = conversion.flags().left();
    PointerText.Style style = new PointerText.Style(conversion.width(), conversion.flags());
    if (width == NO_WIDTH) {
      add((frame, out) -> text.append(frame, address.eval(frame), style, out));
      return;
    }
    add((frame, out) -> {
      int columns = width(width, frame);
      int start = out.length();
      text.append(frame, address.eval(frame), style.withWidth(Math.abs(columns), columns < 0), out);
      if (text.isPadded()) {
        Padding.to(columns, left || columns < 0, start, out);
      }
    });
  }
}
