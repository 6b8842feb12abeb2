package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fields found by name in the format file.
final class NameFits {

  private NameFits() {}

  static UseFit fit(EventUse use, Layout layout, @Nullable Layout written) {
    List<FieldFit> fits = new ArrayList<>(use.fields().size());
    for (FieldUse field : use.fields()) {
      fits.add(fit(use, field, layout, written));
    }
    return UseFit.ofFields(use.fields(), fits);
  }

  private static FieldFit fit(
      EventUse use, FieldUse field, Layout layout, @Nullable Layout written) {
    Field found = LayoutFields.named(layout, field);
    if (found == null) {
      return missing(use, field);
    }
    return FieldComparer.compare(
        field,
        found,
        layout,
        written == null ? null : LayoutFields.named(written, found.name(), found.occurrence()));
  }

  static FieldFit missing(EventUse use, FieldUse field) {
    return new FieldFit(
        preferred(field), FitReason.MISSING, false, use.event() + " has no field " + names(field));
  }

  static String preferred(FieldUse field) {
    return field.names().isEmpty() ? "" : field.names().getFirst();
  }

  /// `page`, `page#1` or `page, pfn or folio`.
  static String names(FieldUse field) {
    List<String> names = field.names();
    String first = String.join(", ", names.subList(0, Math.max(1, names.size() - 1)));
    String all = names.size() == 1 ? first : first + " or " + names.getLast();
    return field.occurrence() == 0
        ? all
        : all + " (number " + (field.occurrence() + 1) + " of that name)";
  }
}
