package dev.tracery.compiler.print;

import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FormatSyntax;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads print formats. What is damaged is an error; what is only not understood is a warning, and
/// the print format is kept as text. Thread-safe.
public final class PrintParser {

  /// How many quotes are tried as the end of the format string.
  private static final int MAX_QUOTES = 16;

  private final StringCache names;
  private final WordSize wordSize;
  private final int maxHeight;

  /// For who reads single expressions, and shares no names.
  ///
  /// @param maxHeight how high an expression's tree may be
  public PrintParser(WordSize wordSize, int maxHeight) {
    this(new StringCache(), wordSize, maxHeight);
  }

  /// @param maxHeight how high an expression's tree may be
  public PrintParser(StringCache names, WordSize wordSize, int maxHeight) {
    this.names = names;
    this.wordSize = wordSize;
    this.maxHeight = maxHeight;
  }

  /// What was read.
  ///
  /// @param tables the helper calls that name values, in the text's order
  /// @param bitmasks the helper calls that print sets of bits
  public record Result(
      PrintFormat printFormat, List<HelperCall> tables, List<HelperCall> bitmasks) {}

  /// Reads the print format of a file; empty text if the file has none.
  ///
  /// @param text the whole file
  /// @param format what was read of it
  public Result parse(byte[] text, FormatSyntax format, Problems problems) {
    int start = format.printStart();
    int end = format.printEnd();
    if (start < 0) {
      return new Result(new PrintFormat(""), List.of(), List.of());
    }
    String verbatim = new String(text, start, end - start, StandardCharsets.UTF_8);
    if (verbatim.isBlank()) {
      // Why no error: applespi_irq_received of Linux 5.10 to 6.12 has an empty one.
      problems.report(
          DiagnosticCode.PRINT_EMPTY, start, "expected a format string but found nothing");
      return new Result(
          new PrintFormat(verbatim, Optional.of(new PrintFormat.Tree("", List.of()))),
          List.of(),
          List.of());
    }
    try {
      FieldNames fields = new FieldNames(format.commonFields(), format.fields());
      ExpressionParser expressions = expressions(text, start, end, fields);
      PrintFormat.Tree tree = expressions.printFormat();
      fields.reportUnknown(problems);
      return understood(verbatim, tree, expressions);
    } catch (NotUnderstood e) {
      Result unescaped = unescaped(text, format, verbatim, problems);
      if (unescaped != null) {
        return unescaped;
      }
      int errors = problems.errorCount();
      new BracketChecker(text, end, problems).check(start);
      if (problems.errorCount() == errors) {
        problems.report(
            DiagnosticCode.PRINT_NOT_UNDERSTOOD,
            e.at(),
            e.reason(),
            "the print format is kept as text, without names of values");
      }
      return new Result(new PrintFormat(verbatim), List.of(), List.of());
    }
  }

  /// Reads a print format with quotes inside the format string. The kernel writes the format
  /// strings of TRACE_EVENT with their escapes decoded, quotes not escaped again: `"db "%s"
  /// refcount %u"` (dsa_fdb_add_hw, Linux 6.12).
  ///
  /// @return null if it does not read that way, either
  private @Nullable Result unescaped(
      byte[] text, FormatSyntax format, String verbatim, Problems problems) {
    int start = format.printStart();
    int end = format.printEnd();
    if (text[start] != '"') {
      return null;
    }
    int tries = 0;
    for (int i = start + 1; i < end && tries < MAX_QUOTES; i++) {
      if (text[i] != '"' || i + 1 < end && text[i + 1] != ',') {
        continue;
      }
      tries++;
      String string = new String(text, start + 1, i - start - 1, StandardCharsets.UTF_8);
      if (string.contains("REC") || string.contains("__")) {
        // Why: these are arguments, so something in them is damaged or not understood.
        return null;
      }
      try {
        FieldNames fields = new FieldNames(format.commonFields(), format.fields());
        ExpressionParser expressions = expressions(text, i + 1, end, fields);
        List<Expression> arguments = expressions.argumentsAfterFormat();
        fields.reportUnknown(problems);
        return understood(verbatim, new PrintFormat.Tree(string, arguments), expressions);
      } catch (NotUnderstood _) {
        // Why: the next quote may be the one.
      }
    }
    return null;
  }

  private static Result understood(
      String verbatim, PrintFormat.Tree tree, ExpressionParser expressions) {
    return new Result(
        new PrintFormat(verbatim, Optional.of(tree)), expressions.tables(), expressions.bitmasks());
  }

  private ExpressionParser expressions(byte[] text, int start, int end, FieldNames fields) {
    return new ExpressionParser(new Lexer(text, start, end, names, wordSize), fields, maxHeight);
  }

  /// Reads one expression.
  ///
  /// @return empty if the text is no expression that is understood
  public Optional<Expression> expression(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    try {
      return Optional.of(
          expressions(bytes, 0, bytes.length, new FieldNames(List.of(), List.of())).whole());
    } catch (NotUnderstood _) {
      return Optional.empty();
    }
  }
}
