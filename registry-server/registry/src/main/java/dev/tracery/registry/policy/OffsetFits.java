package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Fields found by their bytes. One field must cover exactly the bytes that are read, with the sign
/// that is read; its name matters only if the tool says so.
final class OffsetFits {

  private OffsetFits() {}

  static UseFit fit(EventUse use, Layout layout, @Nullable Layout written) {
    List<FieldFit> fits = new ArrayList<>(use.fields().size());
    for (FieldUse field : use.fields()) {
      fits.add(fit(field, layout, written));
    }
    return UseFit.ofFields(use.fields(), fits);
  }

  private static FieldFit fit(FieldUse field, Layout layout, @Nullable Layout written) {
    Place place = Objects.requireNonNull(field.place());
    Field found = LayoutFields.covering(layout, field, place);
    if (found == null) {
      return lost(field, place, layout);
    }
    Field before = written == null ? null : LayoutFields.covering(written, field, place);
    if (before != null) {
      if (found.placement() != before.placement()) {
        return FieldComparer.unusable(
            found, FitReason.STORAGE_CHANGED, FieldComparer.oldToNew(before, found));
      }
      FieldFit harmed = FieldComparer.harmed(field, found, layout, before);
      if (harmed != null && isOwn(harmed, place, before, found)) {
        return harmed;
      }
    }
    if (field.names().isEmpty() || LayoutFields.isNamed(found, field)) {
      return FieldComparer.exact(found);
    }
    return new FieldFit(
        found.name(),
        FitReason.NAME_CHANGED,
        !field.nameMatters(),
        NameFits.names(field) + " → " + LayoutFields.described(found));
  }

  /// Whether a difference concerns who reads the bytes: their sign only if the tool says so, the
  /// meaning of values only of the same field.
  private static boolean isOwn(FieldFit harmed, Place place, Field before, Field found) {
    return switch (harmed.reason()) {
      case SIGN_CHANGED -> place.signed().isPresent();
      case SYMBOLS_CHANGED -> before.name().equals(found.name());
      default -> true;
    };
  }

  /// Says what became of the field, if it is there by its name.
  private static FieldFit lost(FieldUse field, Place place, Layout layout) {
    String before =
        "offset "
            + place.offset()
            + ", "
            + place.size()
            + (place.size() == 1 ? " byte" : " bytes")
            + place.signed().map(signed -> signed ? ", signed" : ", unsigned").orElse("");
    Field named = LayoutFields.named(layout, field);
    if (named == null) {
      return new FieldFit(
          NameFits.preferred(field),
          FitReason.MISSING,
          false,
          before + " → no field is exactly these bytes");
    }
    FitReason reason;
    if (named.size() != place.size()) {
      reason =
          named.placement() != Placement.FIXED
              ? FitReason.STORAGE_CHANGED
              : !named.kind().isInteger()
                  ? FitReason.LENGTH_CHANGED
                  : named.size() > place.size() ? FitReason.WIDENED : FitReason.NARROWED;
    } else {
      reason = named.offset() != place.offset() ? FitReason.MOVED : FitReason.SIGN_CHANGED;
    }
    return FieldComparer.unusable(named, reason, before + " → " + LayoutFields.described(named));
  }
}
