package dev.tracery.registry.policy;

import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.PrintFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a print format makes visible: literal text, and values of which some plausible texts are
/// known.
///
/// @param pieces in their order
record VisibleText(List<Piece> pieces) {

  /// How many texts are tried at most: every combination of up to so many, then some.
  private static final int MAX_SAMPLES = 48;

  private static final String FLAGS = "-+ #0'";
  private static final String LENGTHS = "hlqjztL";

  VisibleText {
    pieces = List.copyOf(pieces);
  }

  /// A part of the text.
  ///
  /// @param manner how a value is written, `decimal`, `hexadecimal`, `name` and so on; of literal
  ///   text, the text
  /// @param texts plausible ones, at least one
  record Piece(boolean literal, String manner, List<String> texts) {
    Piece {
      texts = List.copyOf(texts);
    }
  }

  /// One text that the print format may make.
  ///
  /// @param ends where each piece ends
  record Sample(String text, int[] ends) {}

  static VisibleText of(PrintFormat print) {
    Optional<PrintFormat.Tree> tree = print.tree();
    return tree.isPresent()
        ? of(tree.get().format(), tree.get().arguments())
        : of(leadingString(print.text()), List.of());
  }

  /// The format string of a print format that is not understood.
  private static String leadingString(String text) {
    int start = text.indexOf('"');
    int end = start < 0 ? -1 : text.indexOf("\",", start + 1);
    if (end < 0) {
      end = text.lastIndexOf('"');
    }
    return start < 0 || end <= start ? "" : text.substring(start + 1, end);
  }

  private static VisibleText of(String format, List<Expression> arguments) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    int argument = 0;
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at++);
      if (c != '%') {
        literal.append(c);
        continue;
      }
      if (at < format.length() && format.charAt(at) == '%') {
        literal.append('%');
        at++;
        continue;
      }
      int start = at;
      while (at < format.length() && FLAGS.indexOf(format.charAt(at)) >= 0) {
        at++;
      }
      String flags = format.substring(start, at);
      int width = 0;
      while (at < format.length()
          && (Character.isDigit(format.charAt(at))
              || format.charAt(at) == '*'
              || format.charAt(at) == '.')) {
        char w = format.charAt(at++);
        if (w == '*') {
          argument++;
        } else if (w == '.') {
          // Why: what follows is a precision, which shortens; the samples are short.
          while (at < format.length() && Character.isDigit(format.charAt(at))) {
            at++;
          }
        } else {
          width = Math.min(100, width * 10 + (w - '0'));
        }
      }
      while (at < format.length() && LENGTHS.indexOf(format.charAt(at)) >= 0) {
        at++;
      }
      if (at == format.length()) {
        break;
      }
      char conversion = format.charAt(at++);
      int extension = at;
      if (conversion == 'p') {
        while (at < format.length() && Character.isLetterOrDigit(format.charAt(at))) {
          at++;
        }
      }
      if (!literal.isEmpty()) {
        pieces.add(literal(literal.toString()));
        literal.setLength(0);
      }
      @Nullable Expression value = argument < arguments.size() ? arguments.get(argument) : null;
      argument++;
      pieces.add(ValueTexts.of(flags, width, conversion, format.substring(extension, at), value));
    }
    if (!literal.isEmpty()) {
      pieces.add(literal(literal.toString()));
    }
    return new VisibleText(pieces);
  }

  private static Piece literal(String text) {
    return new Piece(true, text, List.of(text));
  }

  /// Some of the texts: all if they are few.
  List<Sample> samples() {
    int count = 1;
    for (Piece piece : pieces) {
      count = Math.min(MAX_SAMPLES, count * piece.texts().size());
    }
    List<Sample> samples = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      samples.add(sample(i));
    }
    return samples;
  }

  private Sample sample(int number) {
    StringBuilder text = new StringBuilder();
    int[] ends = new int[pieces.size()];
    int rest = number;
    for (int i = 0; i < ends.length; i++) {
      List<String> texts = pieces.get(i).texts();
      text.append(texts.get(rest % texts.size()));
      // Why the number again: with too many combinations, the last pieces change, too.
      rest = rest / texts.size() == 0 ? number : rest / texts.size();
      ends[i] = text.length();
    }
    return new Sample(text.toString(), ends);
  }
}
