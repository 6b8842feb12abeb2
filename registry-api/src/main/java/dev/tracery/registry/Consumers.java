package dev.tracery.registry;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Who depends on what. Part of the [Registry], whose rules for calls hold here, too.
///
/// Whether an observed claim has lapsed is judged by the server's clock at the time of the call.
public interface Consumers {

  /// Declares what a version of a tool needs. Declaring the same again changes nothing.
  ///
  /// @param supersedes versions whose claims end; `*` is every other declared version of the tool
  /// @param allowUnknown whether to accept what no registered kernel has, with a warning; otherwise
  ///   it is refused as an INVALID_ARGUMENT that names the field
  /// @param validateOnly checks everything and stores nothing
  Declared declare(
      Consumer consumer, List<String> supersedes, boolean allowUnknown, boolean validateOnly);

  /// Ends the claims of a version, or of all versions if `version` is empty.
  Withdrawn withdraw(String name, String version, String reason);

  /// A version's claim, that of the version that appeared last if `version` is empty. A declared
  /// claim is preferred to an observed one.
  Claim consumer(String name, String version, long atRevision);

  /// Claims by name, then in the order in which they appeared, from index `from` on.
  ///
  /// @param filter a glob over names; empty is all
  List<Claim> list(String filter, boolean includeEnded, int from, int limit, long atRevision);

  /// Who uses the events that match the glob `event`, or this field of theirs if `field` is not
  /// empty.
  Uses uses(String event, String field, boolean includeEnded, int limit, long atRevision);

  /// Takes note that a tool was accepted by a negotiation. Returns at once; where too much is
  /// waiting to be written, the observation is dropped and counted.
  void observe(Consumer consumer);

  /// What became of the observations since the server started.
  Observations observations();

  /// Where a claim comes from.
  enum Origin {
    DECLARED,
    OBSERVED
  }

  /// Whether a claim counts.
  enum State {
    LIVE,
    WITHDRAWN,
    SUPERSEDED,
    LAPSED
  }

  /// A version of a tool with what it depends on.
  ///
  /// @param created when it was declared or first seen
  /// @param lastSeen as far as this server knows; empty for a declared claim
  /// @param lapses empty for a declared claim
  /// @param revision at which it was declared, or last recorded
  /// @param endedBy the version that superseded it, or the reason of the withdrawal; may be empty
  record Claim(
      Consumer consumer,
      Origin origin,
      State state,
      Instant created,
      Optional<Instant> lastSeen,
      Optional<Instant> lapses,
      long revision,
      String endedBy) {}

  /// What a declaration did, or would do.
  ///
  /// @param superseded the versions whose claims it ended
  /// @param warnings what is odd but accepted
  record Declared(
      Claim claim,
      long revision,
      boolean changed,
      List<String> superseded,
      List<String> warnings) {}

  /// What a withdrawal did.
  record Withdrawn(List<String> versions, long revision) {}

  /// What became of observations. Each is one of coalesced, dropped, or waiting to be written once.
  ///
  /// @param observed how many there were
  /// @param coalesced those that needed no entry of their own
  /// @param dropped those that found the queue or the registry's limits full
  /// @param written entries that were written
  /// @param waiting tools that wait to be written
  /// @param tracked versions of tools that are followed
  record Observations(
      long observed, long coalesced, long dropped, long written, int waiting, int tracked) {}

  /// Uses, by event, then consumer.
  ///
  /// @param count how many there are in all
  record Uses(List<Use> uses, int count, long revision) {}

  /// One use of one event by one consumer.
  ///
  /// @param series whose latest kernel has the event
  record Use(
      Claim claim, EventUse use, boolean optional, boolean hasAlternatives, List<String> series) {}
}
