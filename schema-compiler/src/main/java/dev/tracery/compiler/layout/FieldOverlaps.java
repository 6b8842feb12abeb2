package dev.tracery.compiler.layout;

import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.Problems;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Finds fields that claim the same bytes. None of the 323,902 fields of the corpus does.
final class FieldOverlaps {

  private FieldOverlaps() {}

  /// Reports every field that overlaps another one.
  static void report(List<FieldSyntax> commonFields, List<FieldSyntax> fields, Problems problems) {
    if (areInOrder(fields, maxEnd(commonFields)) && areInOrder(commonFields, 0)) {
      return;
    }
    List<FieldSyntax> sorted = new ArrayList<>(commonFields);
    sorted.addAll(fields);
    sorted.removeIf(field -> field.size() == 0);
    sorted.sort(Comparator.comparingInt(FieldSyntax::offset));
    FieldSyntax furthest = null;
    for (FieldSyntax field : sorted) {
      if (furthest != null && field.offset() < furthest.end()) {
        boolean inOrder = field.at() > furthest.at();
        report(inOrder ? field : furthest, inOrder ? furthest : field, problems);
      }
      if (furthest == null || field.end() > furthest.end()) {
        furthest = field;
      }
    }
  }

  private static void report(FieldSyntax later, FieldSyntax earlier, Problems problems) {
    problems.report(
        DiagnosticCode.FIELD_OVERLAPS,
        later.at(),
        described(later) + " overlaps " + described(earlier));
  }

  private static String described(FieldSyntax field) {
    return field.name() + " (offset " + field.offset() + ", size " + field.size() + ")";
  }

  private static boolean areInOrder(List<FieldSyntax> fields, int from) {
    int end = from;
    for (FieldSyntax field : fields) {
      if (field.offset() < end) {
        return false;
      }
      end = field.end();
    }
    return true;
  }

  private static int maxEnd(List<FieldSyntax> fields) {
    int end = 0;
    for (FieldSyntax field : fields) {
      end = Math.max(end, field.end());
    }
    return end;
  }
}
