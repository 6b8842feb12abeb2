package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.diff.Shape;
import org.jspecify.annotations.Nullable;

/// How a field that was found stands to what the tool was written against. What is worse is told
/// first.
final class FieldComparer {

  private FieldComparer() {}

  /// Compares a field that is found by its name or number, not by its bytes.
  ///
  /// @param written the same field in the layout that the tool was written against; null if that is
  ///   not known, or has the field under another of its names
  static FieldFit compare(FieldUse use, Field found, Layout layout, @Nullable Field written) {
    FieldFit fit = written == null ? exact(found) : meaning(use, found, layout, written);
    Place place = use.place();
    if (fit.usable() && place != null && LayoutFields.signDiffers(found, place)) {
      return unusable(
          found,
          FitReason.SIGN_CHANGED,
          (place.signed().orElse(false) ? "signed" : "unsigned")
              + " → "
              + LayoutFields.described(found));
    }
    if (fit.reason() != FitReason.EXACT || place == null) {
      return fit;
    }
    return bytes(found, place.offset(), place.size());
  }

  /// What does not depend on where the bytes are: kind, sign and values; then storage, length,
  /// width and offset, which a reader of the format takes as they come.
  private static FieldFit meaning(FieldUse use, Field found, Layout layout, Field written) {
    FieldFit harmed = harmed(use, found, layout, written);
    if (harmed != null) {
      return harmed;
    }
    if (found.placement() != written.placement()) {
      return usable(found, FitReason.STORAGE_CHANGED, oldToNew(written, found));
    }
    if (found.elementSize() == written.elementSize()
        && found.size() != written.size()
        && !found.kind().isInteger()) {
      return usable(found, FitReason.LENGTH_CHANGED, oldToNew(written, found));
    }
    if (found.elementSize() != written.elementSize()) {
      return usable(
          found,
          found.elementSize() > written.elementSize() ? FitReason.WIDENED : FitReason.NARROWED,
          oldToNew(written, found));
    }
    if (found.offset() != written.offset()) {
      return usable(found, FitReason.MOVED, oldToNew(written, found));
    }
    return exact(found);
  }

  /// Another kind or sign, or values that mean something else.
  ///
  /// @return null if it is none of them
  static @Nullable FieldFit harmed(FieldUse use, Field found, Layout layout, Field written) {
    Shape before = Shape.of(written.kind());
    Shape now = Shape.of(found.kind());
    if (before != now) {
      return unusable(
          found,
          FitReason.KIND_CHANGED,
          written.declaration()
              + " ("
              + before.word()
              + ") → "
              + found.declaration()
              + " ("
              + now.word()
              + ")");
    }
    if (LayoutFields.signDiffers(found, written)) {
      return unusable(found, FitReason.SIGN_CHANGED, oldToNew(written, found));
    }
    String lost = use.interpretsValues() ? SymbolLosses.between(written, found, layout) : "";
    return lost.isEmpty() ? null : unusable(found, FitReason.SYMBOLS_CHANGED, lost);
  }

  private static FieldFit bytes(Field found, int offset, int size) {
    String before = "offset " + offset + ", " + size + (size == 1 ? " byte" : " bytes");
    if (found.size() != size) {
      FitReason reason =
          found.placement() != Placement.FIXED
              ? FitReason.STORAGE_CHANGED
              : !found.kind().isInteger()
                  ? FitReason.LENGTH_CHANGED
                  : found.size() > size ? FitReason.WIDENED : FitReason.NARROWED;
      return usable(found, reason, before + " → " + LayoutFields.described(found));
    }
    return found.offset() == offset
        ? exact(found)
        : usable(found, FitReason.MOVED, before + " → " + LayoutFields.described(found));
  }

  static FieldFit exact(Field found) {
    return new FieldFit(found.name(), FitReason.EXACT, true, "");
  }

  static FieldFit usable(Field found, FitReason reason, String explanation) {
    return new FieldFit(found.name(), reason, true, explanation);
  }

  static FieldFit unusable(Field found, FitReason reason, String explanation) {
    return new FieldFit(found.name(), reason, false, explanation);
  }

  static String oldToNew(Field written, Field found) {
    return LayoutFields.described(written) + " → " + LayoutFields.described(found);
  }
}
