package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.registry.diff.PrintDiff.Literal;
import dev.tracery.registry.diff.PrintDiff.Piece;
import dev.tracery.registry.diff.PrintDiff.Source;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Compares print formats by what they print: format strings without the length of integers (`%lu`
/// prints what `%llu` does), expressions as trees, so that parentheses, blanks, idle casts and how
/// a constant is written mean nothing. Where one is not understood, their texts.
final class PrintDiffer {

  /// More comparisons than this are not worth it: everything between the first and the last
  /// difference is then changed.
  private static final int MOST_COMPARISONS = 1 << 20;

  private PrintDiffer() {}

  /// What differs in what two layouts print; empty if nothing does.
  ///
  /// @param otherSymbols the fields whose names of values differ, which is a change of its own and
  ///   no change of the text
  static Optional<PrintDiff> diff(Layout from, Layout to, Set<String> otherSymbols) {
    PrintFormat before = from.printFormat();
    PrintFormat after = to.printFormat();
    if (before.text().equals(after.text())
        || before.tree().equals(after.tree()) && before.tree().isPresent()) {
      return Optional.empty();
    }
    if (before.tree().isEmpty() || after.tree().isEmpty()) {
      return Optional.of(sources(before.text(), after.text()));
    }
    List<TextPart> old = new PrintedParts(from, otherSymbols).of(before.tree().get());
    List<TextPart> now = new PrintedParts(to, otherSymbols).of(after.tree().get());
    return old.equals(now) ? Optional.empty() : Optional.of(pieces(old, now));
  }

  private static PrintDiff sources(String from, String to) {
    int start = CommonText.atStart(from, to);
    int end = CommonText.atEnd(from, to, start);
    return new PrintDiff(source(from, start, end), source(to, start, end));
  }

  private static List<Piece> source(String text, int start, int end) {
    List<Piece> pieces = new ArrayList<>();
    source(text.substring(0, start), false, pieces);
    source(text.substring(start, text.length() - end), true, pieces);
    source(text.substring(text.length() - end), false, pieces);
    return pieces;
  }

  private static void source(String text, boolean changed, List<Piece> pieces) {
    if (!text.isEmpty()) {
      pieces.add(new Source(text, changed));
    }
  }

  private static PrintDiff pieces(List<TextPart> from, List<TextPart> to) {
    BitSet keptFrom = new BitSet(from.size());
    BitSet keptTo = new BitSet(to.size());
    keep(from, to, keptFrom, keptTo);
    return new PrintDiff(pieces(from, keptFrom), pieces(to, keptTo));
  }

  /// Marks a longest common subsequence.
  private static void keep(List<TextPart> from, List<TextPart> to, BitSet keptFrom, BitSet keptTo) {
    int start = 0;
    int fromEnd = from.size();
    int toEnd = to.size();
    while (start < fromEnd && start < toEnd && from.get(start).equals(to.get(start))) {
      start++;
    }
    while (fromEnd > start && toEnd > start && from.get(fromEnd - 1).equals(to.get(toEnd - 1))) {
      fromEnd--;
      toEnd--;
    }
    keptFrom.set(0, start);
    keptTo.set(0, start);
    keptFrom.set(fromEnd, from.size());
    keptTo.set(toEnd, to.size());
    int rows = fromEnd - start;
    int columns = toEnd - start;
    if ((long) rows * columns > MOST_COMPARISONS) {
      return;
    }
    int[][] longest = new int[rows + 1][columns + 1];
    for (int f = rows - 1; f >= 0; f--) {
      for (int t = columns - 1; t >= 0; t--) {
        longest[f][t] =
            from.get(start + f).equals(to.get(start + t))
                ? longest[f + 1][t + 1] + weight(from.get(start + f))
                : Math.max(longest[f + 1][t], longest[f][t + 1]);
      }
    }
    int f = 0;
    int t = 0;
    while (f < rows && t < columns) {
      if (from.get(start + f).equals(to.get(start + t))) {
        keptFrom.set(start + f++);
        keptTo.set(start + t++);
      } else if (longest[f + 1][t] >= longest[f][t + 1]) {
        f++;
      } else {
        t++;
      }
    }
  }

  /// What is worth more is rather kept: a value than a word, a word than a blank or a sign.
  private static int weight(TextPart part) {
    return switch (part) {
      case TextPart.Conversion _ -> 8;
      case TextPart.Word(String text) -> text.length() > 1 ? 4 : 1;
    };
  }

  /// Neighbours that share a fate become one piece.
  private static List<Piece> pieces(List<TextPart> parts, BitSet kept) {
    List<Piece> pieces = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    boolean literalChanged = false;
    for (int i = 0; i < parts.size(); i++) {
      boolean changed = !kept.get(i);
      if (!literal.isEmpty()
          && (literalChanged != changed || parts.get(i) instanceof TextPart.Conversion)) {
        pieces.add(new Literal(literal.toString(), literalChanged));
        literal.setLength(0);
      }
      switch (parts.get(i)) {
        case TextPart.Conversion conversion -> pieces.add(conversion.piece(changed));
        case TextPart.Word(String text) -> {
          literal.append(text);
          literalChanged = changed;
        }
      }
    }
    if (!literal.isEmpty()) {
      pieces.add(new Literal(literal.toString(), literalChanged));
    }
    return pieces;
  }
}
