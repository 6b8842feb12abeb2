package dev.tracery.registry.diff;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.PrintFormat;
import java.util.List;
import java.util.Optional;

/// Compares print formats by what they print: expressions as trees, so that parentheses and blanks
/// mean nothing, and format strings without the length of integers (`%lu` prints what `%llu` does).
/// Where one is not understood, their texts.
final class PrintFormats {

  private static final String FLAGS_WIDTH_PRECISION = "-+ #'.*0123456789";
  private static final String LENGTHS = "hlqjztL";

  private PrintFormats() {}

  /// What differs in what two layouts print; empty if nothing does.
  ///
  /// @param symbols the fields whose names of values differ, which is no difference of the text
  static Optional<PrintDiff> diff(Layout from, Layout to, List<SymbolChange> symbols) {
    return printTheSame(from.printFormat(), to.printFormat())
        ? Optional.empty()
        : Optional.of(
            new PrintDiff(
                List.of(new PrintDiff.Source(from.printFormat().text(), true)),
                List.of(new PrintDiff.Source(to.printFormat().text(), true))));
  }

  static boolean printTheSame(PrintFormat from, PrintFormat to) {
    if (from.tree().isEmpty() || to.tree().isEmpty()) {
      return from.text().equals(to.text());
    }
    PrintFormat.Tree before = from.tree().get();
    PrintFormat.Tree after = to.tree().get();
    return before.arguments().equals(after.arguments())
        && withoutLengths(before.format()).equals(withoutLengths(after.format()));
  }

  /// A `printf` format without the length modifiers of its conversions.
  static String withoutLengths(String format) {
    StringBuilder out = new StringBuilder(format.length());
    int at = 0;
    while (at < format.length()) {
      char c = format.charAt(at++);
      out.append(c);
      if (c != '%') {
        continue;
      }
      while (at < format.length() && FLAGS_WIDTH_PRECISION.indexOf(format.charAt(at)) >= 0) {
        out.append(format.charAt(at++));
      }
      while (at < format.length() && LENGTHS.indexOf(format.charAt(at)) >= 0) {
        at++;
      }
      if (at < format.length()) {
        out.append(format.charAt(at++));
      }
    }
    return out.toString();
  }
}
