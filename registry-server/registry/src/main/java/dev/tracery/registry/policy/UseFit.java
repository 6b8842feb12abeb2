package dev.tracery.registry.policy;

import dev.tracery.consumer.FieldUse;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.RunOutcome;
import java.util.List;

/// How one use of an event stands on a kernel.
///
/// @param explanation empty where it is exact
/// @param fields one for each field of the use, in their order
record UseFit(RunOutcome outcome, FitReason reason, String explanation, List<FieldFit> fields) {

  UseFit {
    fields = List.copyOf(fields);
  }

  static UseFit exact() {
    return new UseFit(RunOutcome.ACCEPTED, FitReason.EXACT, "", List.of());
  }

  static UseFit rejected(FitReason reason, String explanation) {
    return new UseFit(RunOutcome.REJECTED, reason, explanation, List.of());
  }

  static UseFit unknown(FitReason reason, String explanation) {
    return new UseFit(RunOutcome.UNKNOWN, reason, explanation, List.of());
  }

  /// What follows from the fields: the first required one that cannot be used decides, then the
  /// first optional one, then the first that is other than the tool was written against.
  static UseFit ofFields(List<FieldUse> uses, List<FieldFit> fits) {
    FieldFit optional = null;
    FieldFit other = null;
    for (int i = 0; i < fits.size(); i++) {
      FieldFit fit = fits.get(i);
      if (!fit.usable()) {
        if (!uses.get(i).optional()) {
          return new UseFit(RunOutcome.REJECTED, fit.reason(), fit.explanation(), fits);
        }
        optional = optional == null ? fit : optional;
      } else if (fit.reason() != FitReason.EXACT) {
        other = other == null ? fit : other;
      }
    }
    if (optional != null) {
      return new UseFit(RunOutcome.DEGRADED, optional.reason(), optional.explanation(), fits);
    }
    return other == null
        ? new UseFit(RunOutcome.ACCEPTED, FitReason.EXACT, "", fits)
        : new UseFit(RunOutcome.ACCEPTED, other.reason(), other.explanation(), fits);
  }

  /// Whether the tool can use the event, if perhaps not everything that it would like of it.
  boolean holds() {
    return outcome == RunOutcome.ACCEPTED || outcome == RunOutcome.DEGRADED;
  }
}
