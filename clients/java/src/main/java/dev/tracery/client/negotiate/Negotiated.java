package dev.tracery.client.negotiate;

import dev.tracery.client.decode.EventDecoder;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.model.EventName;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How a tool runs here.
///
/// @param tool that asked
/// @param answer the registry's
/// @param source where it comes from
/// @param age how long ago the registry gave it; zero if now
/// @param offlineReason why the registry could not be reached; empty if it was not asked, or
///   answered
public record Negotiated(
    Consumer tool, NegotiateResponse answer, Source source, Duration age, String offlineReason) {

  /// Where an answer comes from.
  public enum Source {
    /// From the registry, now.
    REGISTRY,
    /// Kept from an earlier start, and not older than the registry allows.
    CACHE,
    /// Kept from an earlier start, however old: the registry cannot be reached.
    CACHE_OFFLINE
  }

  /// Whether the tool can run. UNKNOWN: the registry cannot tell, and the warnings say why.
  public RunOutcome outcome() {
    return answer.getOutcome();
  }

  /// How to read the records of an event; empty if no requirement chose it.
  public Optional<EventReading> reading(EventName event) {
    String name = event.toString();
    return answer.getEventsList().stream()
        .filter(reading -> reading.getEvent().equals(name))
        .findFirst();
  }

  /// The events that can be decoded, `system/name`: those that a requirement chose, in the order of
  /// the requirements.
  public List<String> events() {
    return answer.getEventsList().stream().map(EventReading::getEvent).toList();
  }

  /// A decoder of the records of an event, made anew by each call.
  ///
  /// @param event `system/name`
  /// @throws IllegalArgumentException if no requirement chose it, as where the tool would like it
  ///   and the kernel has it not: [#events] tells; or if the registry's decode plan is malformed
  public EventDecoder decoder(String event) {
    return EventDecoder.of(
        reading(EventName.parse(event))
            .orElseThrow(() ->
                new IllegalArgumentException(
                    tool.name()
                        + " cannot decode "
                        + event
                        + " here: no requirement chose it; it can decode "
                        + (events().isEmpty() ? "nothing" : String.join(", ", events())))));
  }

  /// What the tool's user should know: what is missing and why, and that the answer is an old one.
  public List<String> warnings() {
    List<String> warnings = new ArrayList<>();
    if (source == Source.CACHE_OFFLINE) {
      warnings.add(
          "the registry cannot be reached ("
              + offlineReason
              + "); going by its answer of "
              + ago(age));
    }
    warnings.addAll(reasons());
    return warnings;
  }

  /// Why it is not accepted without reserve: one sentence for each requirement and field that is
  /// not as the tool would have it.
  public List<String> reasons() {
    List<String> reasons = new ArrayList<>();
    for (int i = 0; i < answer.getRequirementsCount(); i++) {
      RequirementFit fit = answer.getRequirements(i);
      if (fit.getOutcome() == RunOutcome.RUN_OUTCOME_ACCEPTED) {
        continue;
      }
      String subject = subject(i, fit.getChosen());
      int before = reasons.size();
      for (FieldFit field : fit.getFieldsList()) {
        if (!field.getUsable()) {
          reasons.add(
              subject
                  + "."
                  + field.getName()
                  + ": "
                  + text(field.getReason(), field.getExplanation()));
        }
      }
      if (reasons.size() == before || !fit.getExplanation().isEmpty()) {
        reasons.add(before, subject + ": " + text(fit.getReason(), fit.getExplanation()));
      }
    }
    return reasons;
  }

  /// What is not read as the kernel wrote it: one sentence for each field that a translator of the
  /// registry fills, and from what.
  public List<String> notes() {
    List<String> notes = new ArrayList<>();
    for (int i = 0; i < answer.getRequirementsCount(); i++) {
      RequirementFit fit = answer.getRequirements(i);
      String subject = subject(i, fit.getChosen());
      for (FieldFit field : fit.getFieldsList()) {
        if (field.getReason() == FitReason.FIT_REASON_BRIDGED) {
          notes.add(subject + "." + field.getName() + ": " + field.getExplanation());
        }
      }
    }
    return notes;
  }

  private String subject(int requirement, int chosen) {
    if (requirement < tool.requirements().size()) {
      List<EventUse> uses = tool.requirements().get(requirement).anyOf();
      EventName event = chosen < uses.size() ? uses.get(chosen).event() : null;
      return event == null ? "the kernel" : event.toString();
    }
    return "requirement " + requirement;
  }

  private static String text(FitReason reason, String explanation) {
    return explanation.isEmpty()
        ? reason.name().replace("FIT_REASON_", "").toLowerCase(java.util.Locale.ROOT)
        : explanation;
  }

  private static String ago(Duration age) {
    long minutes = age.toMinutes();
    if (minutes < 1) {
      return "less than a minute ago";
    }
    return minutes < 120
        ? minutes + (minutes == 1 ? " minute ago" : " minutes ago")
        : age.toHours() < 48 ? age.toHours() + " hours ago" : age.toDays() + " days ago";
  }
}
