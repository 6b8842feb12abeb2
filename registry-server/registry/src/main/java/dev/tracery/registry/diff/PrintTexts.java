package dev.tracery.registry.diff;

import dev.tracery.registry.diff.PrintDiff.Literal;
import dev.tracery.registry.diff.PrintDiff.Piece;
import dev.tracery.registry.diff.PrintDiff.Source;
import dev.tracery.registry.diff.PrintDiff.Value;
import java.util.ArrayList;
import java.util.List;

/// Writes for people what differs between two texts: what changed with the word before it and the
/// conversion behind it, as a print format has it, `…` for what lies between.
final class PrintTexts {

  private static final int MAX_LENGTH = 1_000;

  /// Of longer texts, only so much at the start and around what differs.
  private static final int LONG = 300;

  private static final int HEAD = 80;
  private static final int CONTEXT = 30;

  private PrintTexts() {}

  static Texts of(PrintDiff diff) {
    String from = written(diff.before());
    String to = written(diff.after());
    if (from.length() <= LONG && to.length() <= LONG) {
      return new Texts(from, to);
    }
    int start = CommonText.atStart(from, to);
    int end = CommonText.atEnd(from, to, start);
    return new Texts(middle(from, start, end), middle(to, start, end));
  }

  /// The old text and the new one.
  record Texts(String from, String to) {}

  private static String middle(String text, int start, int end) {
    int first = start - CONTEXT;
    int last = text.length() - end + CONTEXT;
    String head =
        first <= HEAD
            ? text.substring(0, start)
            : text.substring(0, HEAD) + " … " + text.substring(first, start);
    String tail =
        last >= text.length()
            ? text.substring(text.length() - end)
            : text.substring(text.length() - end, last) + " …";
    String changed = text.substring(start, text.length() - end);
    return head
        + (changed.length() > MAX_LENGTH ? changed.substring(0, MAX_LENGTH) + " …" : changed)
        + tail;
  }

  private static String written(List<Piece> pieces) {
    if (pieces.stream().noneMatch(Piece::changed)) {
      return "";
    }
    if (pieces.stream().anyMatch(Source.class::isInstance)) {
      return String.join("", pieces.stream().map(Piece::text).toList());
    }
    StringBuilder format = new StringBuilder();
    List<String> arguments = new ArrayList<>();
    int i = 0;
    while (i < pieces.size()) {
      if (!pieces.get(i).changed()) {
        i++;
        continue;
      }
      if (!format.isEmpty()) {
        // Why: a text that ends with a blank has enough of them.
        format.append(format.charAt(format.length() - 1) == ' ' ? "… " : " … ");
      }
      if (i > 0
          && pieces.get(i - 1) instanceof Literal(String text, _)
          && !pieces.get(i).text().startsWith(" ")) {
        format.append(lastWord(text));
      }
      boolean literal = true;
      for (; i < pieces.size() && pieces.get(i).changed(); i++) {
        literal = write(pieces.get(i), format, arguments);
      }
      if (literal && i < pieces.size() && pieces.get(i) instanceof Value value) {
        write(value, format, arguments);
      }
    }
    String written = '"' + Escapes.of(format.toString()) + '"';
    return arguments.isEmpty() ? written : written + ", " + String.join(", ", arguments);
  }

  private static boolean write(Piece piece, StringBuilder format, List<String> arguments) {
    return switch (piece) {
      case Literal(String text, _) -> {
        format.append(text.replace("%", "%%"));
        yield true;
      }
      case Value(String conversion, List<String> what, _) -> {
        format.append(conversion);
        arguments.addAll(what);
        yield false;
      }
      case Source(String text, _) -> {
        format.append(text);
        yield true;
      }
    };
  }

  /// `prev_state=` of ` prev_state=`.
  private static String lastWord(String text) {
    return text.substring(text.lastIndexOf(' ') + 1);
  }
}
