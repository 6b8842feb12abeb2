package dev.tracery.compiler;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.LayoutBuilder;
import dev.tracery.compiler.print.ArrayCounter;
import dev.tracery.compiler.print.ConstantFolder;
import dev.tracery.compiler.print.PrintParser;
import dev.tracery.compiler.syntax.CommonBlock;
import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FormatParser;
import dev.tracery.compiler.syntax.FormatSyntax;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.compiler.syntax.TypeCache;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Turns the text of one format file into a layout. Thread-safe.
///
/// A compiler remembers what the formats of a kernel share (names, types, the common fields), so
/// one that compiles many formats is faster than many that compile one each.
public final class FormatCompiler {

  private final FormatLimits limits;
  private final StringCache names = new StringCache();
  private final ForWordSize for32;
  private final ForWordSize for64;

  // Why volatile and no lock: any thread's latest common fields will do.
  private volatile @Nullable KnownCommon lastCommon;

  /// With the default limits.
  public FormatCompiler() {
    this(FormatLimits.DEFAULT);
  }

  /// With other limits.
  public FormatCompiler(FormatLimits limits) {
    this.limits = limits;
    this.for32 = new ForWordSize(WordSize.BITS_32, names, limits);
    this.for64 = new ForWordSize(WordSize.BITS_64, names, limits);
  }

  /// Reads one format file. All problems are reported, not only the first.
  ///
  /// @param file how diagnostics name it
  /// @param text the whole file; line feeds and NULs at its end mean nothing. It is not kept
  public Result compile(String file, byte[] text, Target target) {
    if (text.length > limits.maxBytes()) {
      Problems problems = new Problems(file, text, limits.maxDiagnostics());
      problems.report(
          DiagnosticCode.FORMAT_TOO_LARGE,
          0,
          "the format has " + text.length + " bytes; at most " + limits.maxBytes() + " are allowed",
          "the limit is configuration");
      return new Result(Optional.empty(), -1, problems.sorted());
    }
    KnownCommon known = lastCommon;
    if (known != null && known.target.equals(target)) {
      Result result = compile(file, text, target, known);
      // Why again: the places of the known common fields are another file's.
      if (result.diagnostics.isEmpty()) {
        return result;
      }
    }
    return compile(file, text, target, null);
  }

  private Result compile(String file, byte[] text, Target target, @Nullable KnownCommon known) {
    Problems problems = new Problems(file, text, limits.maxDiagnostics());
    ForWordSize tools = target.wordSize() == WordSize.BITS_32 ? for32 : for64;
    FormatSyntax format =
        new FormatParser(
                text, limits, names, tools.types, known == null ? null : known.block, problems)
            .parse();
    PrintParser.Result print = tools.prints.parse(text, format, problems);
    List<Field> commonFields =
        known != null && format.commonFields() == known.block.fields() ? known.fields : null;
    Layout layout = new LayoutBuilder(target, problems).build(text, format, commonFields, print);
    List<Diagnostic> diagnostics = problems.sorted();
    boolean hasBlock = format.commonStart() < format.commonEnd();
    if (hasBlock && commonFields == null && layout != null && diagnostics.isEmpty()) {
      lastCommon =
          new KnownCommon(
              target,
              new CommonBlock(
                  Arrays.copyOfRange(text, format.commonStart(), format.commonEnd()),
                  format.commonFields()),
              layout.commonFields());
    }
    return new Result(Optional.ofNullable(layout), format.id(), diagnostics);
  }

  /// What depends on the word size.
  private record ForWordSize(TypeCache types, PrintParser prints) {

    ForWordSize(WordSize wordSize, StringCache names, FormatLimits limits) {
      PrintParser prints = new PrintParser(names, wordSize, limits.maxDepth());
      ArrayCounter counter = new ArrayCounter(prints, new ConstantFolder(wordSize));
      this(new TypeCache(counter::count), prints);
    }
  }

  /// The common fields of the format that was compiled last.
  private record KnownCommon(Target target, CommonBlock block, List<Field> fields) {}

  /// What was found.
  ///
  /// @param layout empty if and only if a diagnostic is an error
  /// @param id the `ID:` line's number; -1 where there is none
  /// @param diagnostics in the order of their places
  public record Result(Optional<Layout> layout, int id, List<Diagnostic> diagnostics) {}
}
