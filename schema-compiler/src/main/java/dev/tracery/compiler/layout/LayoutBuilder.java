package dev.tracery.compiler.layout;

import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.FormatSyntax;
import dev.tracery.compiler.syntax.Problems;
import dev.tracery.model.Target;
import java.util.ArrayList;
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
  /// @return null if it has errors, which were reported
  public @Nullable Layout build(
      byte[] text,
      FormatSyntax format,
      @Nullable List<Field> commonFields,
      PrintFormat printFormat) {
    FieldOverlaps.report(format.commonFields(), format.fields(), problems);
    List<Field> common = commonFields == null ? commonFields(format) : commonFields;
    List<Field> fields = fields(format.fields());
    if (problems.hasErrors()) {
      return null;
    }
    return new Layout(
        CanonicalForm.hash(text, target), format.name(), target, common, fields, printFormat);
  }

  private List<Field> commonFields(FormatSyntax format) {
    List<Field> fields = fields(format.commonFields());
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

  private List<Field> fields(List<FieldSyntax> syntax) {
    List<Field> fields = new ArrayList<>(syntax.size());
    Occurrences occurrences = new Occurrences();
    for (FieldSyntax field : syntax) {
      fields.add(
          fieldBuilder.build(field, occurrences.next(fields, field.name()), false, List.of()));
    }
    return fields;
  }

  private static boolean has(List<Field> fields, String name) {
    for (Field field : fields) {
      if (field.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /// Counts the fields of each name: by looking at those before while they are few.
  private static final class Occurrences {

    private static final int FEW = 16;

    private @Nullable Map<String, Integer> counts;

    int next(List<Field> before, String name) {
      if (before.size() < FEW) {
        int count = 0;
        for (Field field : before) {
          count += field.name().equals(name) ? 1 : 0;
        }
        return count;
      }
      if (counts == null) {
        counts = new HashMap<>();
        for (Field field : before) {
          counts.merge(field.name(), 1, Integer::sum);
        }
      }
      return counts.merge(name, 1, Integer::sum) - 1;
    }
  }
}
