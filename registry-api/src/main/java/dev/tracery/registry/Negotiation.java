package dev.tracery.registry;

import dev.tracery.consumer.Consumer;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.v1.EventReading;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a tool asks when it starts. Part of the [Registry], whose rules for calls hold here, too.
public interface Negotiation {

  /// Whether a tool can run on the kernel that it sees, and how it reads each event. Answers from
  /// memory, except for a layout that came with its text and is new.
  Answer negotiate(Question question);

  /// What a tool asks.
  ///
  /// @param seen the events that are there, of those that the tool names
  /// @param dryRun whether this is no start of the tool, and so no claim
  record Question(Consumer tool, KernelIdentity kernel, List<SeenEvent> seen, boolean dryRun) {
    public Question {
      seen = List.copyOf(seen);
    }
  }

  /// An event as the tool sees it.
  ///
  /// @param text the format file; null where it was not sent
  record SeenEvent(EventName event, int id, Sha256 layoutHash, byte @Nullable [] text) {}

  /// How a tool runs here.
  ///
  /// @param requirements one for each of the tool's, in their order
  /// @param events how to read each event that a requirement chose, each once
  /// @param needFormats events whose text is needed
  /// @param kernel the id, where it is registered
  record Answer(
      RunOutcome outcome,
      List<RequirementFit> requirements,
      List<EventReading> events,
      List<EventName> needFormats,
      Optional<String> kernel,
      long revision) {}
}
