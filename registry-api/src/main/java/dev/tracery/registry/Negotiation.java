package dev.tracery.registry;

import com.google.protobuf.ByteString;
import dev.tracery.consumer.Consumer;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a tool asks when it starts. Part of the [Registry], whose rules for calls hold here, too.
public interface Negotiation {

  /// Whether a tool can run on the kernel that it sees, and how it reads each event. Reads the
  /// store for layouts that were not asked for in a while, and writes those that came with their
  /// text and are new. What is accepted, or accepted with less, and no dry run is noted as an
  /// observation of the tool.
  Answer negotiate(Question question);

  /// The same, but at once: empty where the store would be needed. Never blocks.
  Optional<Answer> negotiateFromMemory(Question question);

  /// What a tool asks.
  ///
  /// @param seen the events that are there, of those that the tool names
  /// @param dryRun whether this is no start of the tool, and so no claim; layouts that come with it
  ///   are learned all the same, because numbers of fields that were given out must stay
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
  /// @param needFormats events whose text is needed; then the outcome is UNKNOWN or REJECTED
  /// @param kernel the id, where it is registered
  /// @param cacheFor how long the outcome may be used again without asking
  /// @param revision at which this was computed
  record Answer(
      RunOutcome outcome,
      List<RequirementFit> requirements,
      List<Reading> events,
      List<EventName> needFormats,
      Optional<String> kernel,
      Duration cacheFor,
      long revision) {

    public Answer {
      requirements = List.copyOf(requirements);
      events = List.copyOf(events);
      needFormats = List.copyOf(needFormats);
    }

    /// The same answer, given at another revision.
    public Answer at(long other) {
      return other == revision
          ? this
          : new Answer(outcome, requirements, events, needFormats, kernel, cacheFor, other);
    }
  }

  /// How the records of one event are read.
  ///
  /// @param message a serialized [dev.tracery.v1.EventReading]: large, and the same for everybody
  ///   who sees this layout, so it is written once
  record Reading(EventName event, Sha256 layoutHash, int schemaVersion, ByteString message) {}
}
