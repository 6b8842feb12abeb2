package dev.tracery.conformance;

import dev.tracery.conformance.v1.Kind;
import dev.tracery.conformance.v1.Source;
import dev.tracery.conformance.v1.Started;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What a tool must get of an answer, as `clients/conformance/README.md` says it.
final class PlainStarted {

  private PlainStarted() {}

  /// @param age of the answer, for [Source#SOURCE_CACHE_OFFLINE]
  static Started of(Consumer tool, NegotiateResponse answer, Source source, Duration age) {
    List<String> reasons = reasons(tool, answer);
    List<String> warnings = new ArrayList<>(reasons);
    if (source == Source.SOURCE_CACHE_OFFLINE) {
      warnings.addFirst(
          "the registry cannot be reached (...); going by its answer of " + words(age));
    }
    boolean refused = answer.getOutcome() == RunOutcome.RUN_OUTCOME_REJECTED;
    return Started.newBuilder()
        .setKind(refused ? Kind.KIND_REFUSED : Kind.KIND_STARTED)
        .setOutcome(answer.getOutcome())
        .setSource(source)
        .addAllReasons(reasons)
        .addAllWarnings(warnings)
        .addAllNotes(notes(tool, answer))
        .addAllEvents(answer.getEventsList().stream().map(EventReading::getEvent).toList())
        .build();
  }

  private static List<String> reasons(Consumer tool, NegotiateResponse answer) {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < answer.getRequirementsCount(); i++) {
      RequirementFit fit = answer.getRequirements(i);
      if (fit.getOutcome() == RunOutcome.RUN_OUTCOME_ACCEPTED) {
        continue;
      }
      String event = event(tool, i, fit);
      boolean allUsable = fit.getFieldsList().stream().allMatch(FieldFit::getUsable);
      if (!fit.getExplanation().isEmpty() || allUsable) {
        reasons.add(event + ": " + text(fit.getReason(), fit.getExplanation()));
      }
      for (FieldFit field : fit.getFieldsList()) {
        if (!field.getUsable()) {
          reasons.add(
              event
                  + "."
                  + field.getName()
                  + ": "
                  + text(field.getReason(), field.getExplanation()));
        }
      }
    }
    return reasons;
  }

  private static List<String> notes(Consumer tool, NegotiateResponse answer) {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < answer.getRequirementsCount(); i++) {
      RequirementFit fit = answer.getRequirements(i);
      for (FieldFit field : fit.getFieldsList()) {
        if (field.getReason() == FitReason.FIT_REASON_BRIDGED) {
          notes.add(event(tool, i, fit) + "." + field.getName() + ": " + field.getExplanation());
        }
      }
    }
    return notes;
  }

  private static String event(Consumer tool, int requirement, RequirementFit fit) {
    EventUse use = tool.getRequirements(requirement).getAnyOf(fit.getChosen());
    return use.getEvent().isEmpty() ? "the kernel" : use.getEvent();
  }

  private static String text(FitReason reason, String explanation) {
    return explanation.isEmpty()
        ? reason.name().substring("FIT_REASON_".length()).toLowerCase(Locale.ROOT)
        : explanation;
  }

  private static String words(Duration age) {
    long seconds = Math.max(0, age.toSeconds());
    if (seconds < 60) {
      return "less than a minute ago";
    }
    if (seconds < 120) {
      return "1 minute ago";
    }
    if (seconds < 7200) {
      return seconds / 60 + " minutes ago";
    }
    return seconds < 48 * 3600 ? seconds / 3600 + " hours ago" : seconds / 86400 + " days ago";
  }
}
