package dev.tracery.compiler.layout;

import dev.tracery.compiler.print.Expression.FieldReference;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.PrintParser;
import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.FormatSyntax;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.compiler.syntax.Storage;
import dev.tracery.model.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Builds the layout of a format that was read without errors. Thread-safe as long as the
/// [Problems] are not shared.
public final class LayoutBuilder {

  /// The common fields that are in every event, always (the ABI policy).
  private static final List<String> PROMISED =
      List.of("common_flags", "common_preempt_count", "common_pid");

  /// Up to so many fields, looking at all of them is cheaper than counting in a map.
  private static final int FEW = 16;

  private final Target target;
  private final Problems problems;
  private final FieldBuilder fieldBuilder;

  /// @param problems where what is wrong goes
  public LayoutBuilder(Target target, Problems problems) {
    this.target = target;
    this.problems = problems;
    this.fieldBuilder = new FieldBuilder(target.wordSize(), problems);
  }

  /// Builds the layout.
  ///
  /// @param text the whole format file
  /// @param commonFields the common fields, if they are known already; may be null
  /// @param print what its print format says
  /// @return null if it has errors, which were reported
  public @Nullable Layout build(
      byte[] text,
      FormatSyntax format,
      @Nullable List<Field> commonFields,
      PrintParser.Result print) {
    FieldOverlaps.report(format.commonFields(), format.fields(), problems);
    List<Field> common = commonFields == null ? commonFields(format) : commonFields;
    List<Field> fields =
        fields(
            format.fields(),
            new SymbolFinder(target.wordSize(), format.fields()).find(print.tables()),
            print.bitmasks());
    if (problems.hasErrors()) {
      return null;
    }
    return new Layout(
        CanonicalForm.hash(text, target),
        format.name(),
        target,
        common,
        fields,
        print.printFormat());
  }

  private List<Field> commonFields(FormatSyntax format) {
    List<Field> fields = fields(format.commonFields(), Map.of(), List.of());
    if (problems.hasErrors() && fields.isEmpty() && format.fields().isEmpty()) {
      // Why: in what is no format at all, these say nothing more.
      return fields;
    }
    if (!has(fields, "common_type")) {
      problems.report(
          DiagnosticCode.COMMON_TYPE_MISSING,
          format.commonStart(),
          "expected a field common_type in the first block but found none");
    }
    for (String name : PROMISED) {
      if (!has(fields, name)) {
        problems.report(
            DiagnosticCode.COMMON_FIELD_MISSING,
            format.commonStart(),
            "expected a field " + name + " in the first block but found none");
      }
    }
    return fields;
  }

  private List<Field> fields(
      List<FieldSyntax> syntax,
      Map<FieldSyntax, List<SymbolTable>> symbols,
      List<HelperCall> bitmasks) {
    Field[] fields = new Field[syntax.size()];
    Map<String, Integer> counts = syntax.size() < FEW ? Map.of() : new HashMap<>();
    for (int i = 0; i < fields.length; i++) {
      FieldSyntax field = syntax.get(i);
      List<SymbolTable> ofField = symbols.isEmpty() ? null : symbols.get(field);
      fields[i] =
          fieldBuilder.build(
              field,
              fields.length < FEW
                  ? occurrence(syntax, i)
                  : counts.merge(field.name(), 1, Integer::sum) - 1,
              !bitmasks.isEmpty() && isBitmask(field, bitmasks),
              ofField == null ? List.of() : ofField);
    }
    return List.of(fields);
  }

  private static int occurrence(List<FieldSyntax> fields, int index) {
    int before = 0;
    for (int i = 0; i < index; i++) {
      before += fields.get(i).name().equals(fields.get(index).name()) ? 1 : 0;
    }
    return before;
  }

  private static boolean isBitmask(FieldSyntax field, List<HelperCall> bitmasks) {
    for (HelperCall call : bitmasks) {
      if (field.type().storage() != Storage.PLAIN
          && call.arguments().getFirst() instanceof FieldReference(String name)
          && name.equals(field.name())) {
        return true;
      }
    }
    return false;
  }

  private static boolean has(List<Field> fields, String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
