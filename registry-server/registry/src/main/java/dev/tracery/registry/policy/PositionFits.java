package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.RunOutcome;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fields found by their place among the event's own fields.
final class PositionFits {

  private PositionFits() {}

  static UseFit fit(EventUse use, Layout layout, @Nullable Layout written) {
    List<FieldFit> fits = new ArrayList<>(use.fields().size());
    for (int i = 0; i < use.fields().size(); i++) {
      fits.add(fit(use, i, layout, written));
    }
    int count = layout.fields().size();
    if (use.exactCount() && count != use.fields().size()) {
      return new UseFit(
          RunOutcome.REJECTED,
          FitReason.ORDER_CHANGED,
          "exactly "
              + fields(use.fields().size())
              + " expected, but "
              + use.event()
              + " has "
              + fields(count),
          fits);
    }
    return UseFit.ofFields(use.fields(), fits);
  }

  private static FieldFit fit(EventUse use, int i, Layout layout, @Nullable Layout written) {
    FieldUse field = use.fields().get(i);
    Field found = i < layout.fields().size() ? layout.fields().get(i) : null;
    if (found != null && LayoutFields.isNamed(found, field)) {
      return FieldComparer.compare(
          field,
          found,
          layout,
          written == null ? null : LayoutFields.named(written, found.name(), found.occurrence()));
    }
    Field elsewhere = LayoutFields.named(layout, field);
    if (elsewhere == null) {
      return NameFits.missing(use, field);
    }
    return FieldComparer.unusable(
        elsewhere,
        FitReason.ORDER_CHANGED,
        "field " + (i + 1) + " → " + (found == null ? "none" : found.declaration()));
  }

  private static String fields(int count) {
    return count == 1 ? "1 field" : count + " fields";
  }
}
