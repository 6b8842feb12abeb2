package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/// Fields that are not there and that an installed bridge fills. Only for who finds fields by their
/// names: bridges change plans, and neither bytes, nor order, text or structs.
final class BridgeFits {

  private BridgeFits() {}

  /// The same fit, with what bridges fill.
  static UseFit fill(EventUse use, UseFit fit, KernelView kernel) {
    if (use.access() != AccessClass.BY_NAME
        || fit.fields().stream().noneMatch(field -> field.reason() == FitReason.MISSING)) {
      return fit;
    }
    EventName event = Objects.requireNonNull(use.event());
    List<FieldFit> fields = new ArrayList<>(fit.fields());
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).reason() == FitReason.MISSING) {
        fields.set(i, fill(event, use.fields().get(i), fields.get(i), kernel));
      }
    }
    return UseFit.ofFields(use.fields(), fields);
  }

  /// By the first of the field's names that is filled.
  private static FieldFit fill(EventName event, FieldUse use, FieldFit missing, KernelView kernel) {
    if (use.occurrence() != 0) {
      return missing;
    }
    String obstacle = "";
    for (String name : use.names()) {
      Optional<BridgeFit> bridge = kernel.bridge(event, name);
      if (bridge.isPresent() && bridge.get().fills()) {
        return new FieldFit(name, FitReason.BRIDGED, true, bridge.get().explanation());
      }
      obstacle = obstacle.isEmpty() ? bridge.map(BridgeFit::explanation).orElse("") : obstacle;
    }
    return obstacle.isEmpty()
        ? missing
        : new FieldFit(
            missing.name(), missing.reason(), false, missing.explanation() + "; " + obstacle);
  }
}
