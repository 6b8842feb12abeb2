package dev.tracery.compiler.print;

import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.Problems;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Notes which fields a print format names that the event does not have.
final class FieldNames {

  /// Up to so many fields, looking at all of them is cheaper than making a set.
  private static final int FEW = 24;

  private final List<FieldSyntax> commonFields;
  private final List<FieldSyntax> fields;
  private final Set<String> names = new HashSet<>(0);
  private final List<Unknown> unknown = new ArrayList<>(0);

  private record Unknown(String name, int at) {}

  FieldNames(List<FieldSyntax> commonFields, List<FieldSyntax> fields) {
    this.commonFields = commonFields;
    this.fields = fields;
    if (fields.size() > FEW) {
      fields.forEach(field -> names.add(field.name()));
    }
  }

  /// Notes that a field is named.
  void use(String name, int at) {
    boolean known = names.isEmpty() ? has(fields, name) : names.contains(name);
    if (!known && !has(commonFields, name)) {
      unknown.add(new Unknown(name, at));
    }
  }

  /// Reports the names that are no fields.
  void reportUnknown(Problems problems) {
    // Why: a field line with an error is no field, and its error says enough.
    if (problems.hasErrors()) {
      return;
    }
    for (Unknown field : unknown) {
      problems.report(
          DiagnosticCode.PRINT_FIELD_UNKNOWN,
          field.at,
          "the print format names a field " + field.name + ", which the event does not have");
    }
  }

  private static boolean has(List<FieldSyntax> fields, String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return true;
      }
    }
    return false;
  }
}
