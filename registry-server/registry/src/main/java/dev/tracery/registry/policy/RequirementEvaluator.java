package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether a requirement holds on one kernel, and how. Thread-safe; remembers what patterns find in
/// the texts of layouts, so one evaluator should be kept.
public final class RequirementEvaluator {

  private final TextFits texts = new TextFits();

  /// How `requirement` stands on `kernel`: by the first of its uses that holds; if none does, by
  /// the first of which that is not known; otherwise by the first. Where it is optional and does
  /// not hold, or nobody gave the BTF to know, the tool is [RunOutcome#DEGRADED].
  public RequirementFit evaluate(Requirement requirement, KernelView kernel) {
    UseFit told = null;
    int chosen = 0;
    for (int i = 0; i < requirement.anyOf().size(); i++) {
      UseFit fit = evaluate(requirement.anyOf().get(i), kernel);
      if (fit.holds()) {
        return new RequirementFit(fit.outcome(), i, fit.reason(), fit.explanation(), fit.fields());
      }
      if (told == null
          || fit.outcome() == RunOutcome.UNKNOWN && told.outcome() != RunOutcome.UNKNOWN) {
        told = fit;
        chosen = i;
      }
    }
    UseFit fit = Objects.requireNonNull(told, "a requirement has a use");
    boolean degraded = requirement.optional() && fit.reason() != FitReason.NEED_FORMAT;
    return new RequirementFit(
        degraded ? RunOutcome.DEGRADED : fit.outcome(),
        chosen,
        fit.reason(),
        fit.explanation(),
        fit.fields());
  }

  /// How one use stands.
  UseFit evaluate(EventUse use, KernelView kernel) {
    EventName event = use.event();
    if (use.access() == AccessClass.PINNED_KERNEL) {
      return KernelFits.fit(use, kernel);
    }
    if (use.access() == AccessClass.RAW_ARGS) {
      return ParameterFits.fit(use, kernel);
    }
    Objects.requireNonNull(event);
    if (kernel.layoutHash(event).isEmpty()) {
      return UseFit.rejected(FitReason.MISSING, "there is no event " + event);
    }
    boolean existenceOnly =
        use.fields().isEmpty()
            && !use.exactCount()
            && use.access() != AccessClass.PRINT_TEXT
            && use.access() != AccessClass.BTF_STRUCT;
    if (existenceOnly) {
      return UseFit.exact();
    }
    Optional<Layout> layout = kernel.layout(event);
    if (layout.isEmpty() && use.access() != AccessClass.BTF_STRUCT) {
      return UseFit.unknown(
          FitReason.NEED_FORMAT, "the format of " + event + " is not known; its text is needed");
    }
    @Nullable Layout written =
        use.referenceLayout() == null ? null : kernel.layoutOf(use.referenceLayout()).orElse(null);
    return use.access() == AccessClass.BTF_STRUCT
        ? StructFits.fit(use, kernel, layout.orElse(null), written)
        : BridgeFits.fill(use, evaluate(use, layout.orElseThrow(), written), kernel);
  }

  /// How a use stands that depends on nothing but the event's layout.
  ///
  /// @param written the layout that it is compared with; null if it is compared with none
  UseFit evaluate(EventUse use, Layout layout, @Nullable Layout written) {
    return switch (use.access()) {
      case BY_NAME -> NameFits.fit(use, layout, written);
      case BY_OFFSET -> OffsetFits.fit(use, layout, written);
      case POSITIONAL -> PositionFits.fit(use, layout, written);
      case PRINT_TEXT -> texts.fit(use, layout, written);
      case BTF_STRUCT, RAW_ARGS, PINNED_KERNEL ->
          throw new IllegalArgumentException(use.access() + " depends on more than a layout");
    };
  }

  /// What a [AccessClass#PRINT_TEXT] use reads of a layout's text.
  TextFits.Reading reading(EventUse use, Layout layout) {
    return texts.reading(Objects.requireNonNull(use.text()), layout);
  }
}
