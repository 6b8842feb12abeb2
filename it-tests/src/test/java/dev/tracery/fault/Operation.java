package dev.tracery.fault;

import java.util.List;

/// One call of a client, from its beginning to its end.
///
/// @param worker who made it
/// @param client through which server, from 1; 0 is a client that knows all of them
/// @param subject of what it is: a kernel's release, a tool, a waiver
/// @param begin milliseconds since the run began
/// @param end the same
/// @param problem how it failed; empty where it did not
/// @param nothingStored whether it is certain that it changed nothing
/// @param floor the answer must be of this revision or a later one
/// @param revision that the answer says; 0 where there is none
/// @param asked facts ([Facts]) that are in the log if it was done
/// @param claimed facts that are in the log by the answer
/// @param claimedAt the revision at which they are by the answer; 0 where nothing is claimed
/// @param judged what was judged, if anything was
/// @param numbers fields whose numbers were given out
record Operation(
    int worker,
    int client,
    Kind kind,
    String subject,
    long begin,
    long end,
    Outcome outcome,
    String problem,
    boolean nothingStored,
    long floor,
    long revision,
    List<String> asked,
    List<String> claimed,
    long claimedAt,
    Judged judged,
    List<Numbers> numbers) {

  /// What can be asked for.
  enum Kind {
    REGISTER,
    REGISTER_ENFORCED,
    CHECK,
    DECLARE,
    WITHDRAW,
    WAIVE,
    NEGOTIATE,
    READ_KERNEL,
    READ_CONSUMER,
    READ_SCHEMA,
    CAN_RUN
  }

  /// How a call ended.
  enum Outcome {
    /// It was done, and answered.
    OK,
    /// The registry would not.
    REFUSED,
    /// The registry could not, and said so.
    FAILED,
    /// Nobody knows: there was no answer.
    UNCERTAIN
  }

  /// A judgement.
  ///
  /// @param question of [Questions]; -1 where nothing was judged
  /// @param verdict as [Verdicts] writes it
  /// @param revision at which it was given, by its own words
  record Judged(int question, String verdict, long revision) {
    /// Nothing was judged.
    static final Judged NOTHING = new Judged(-1, "", 0);

    boolean isThere() {
      return question >= 0;
    }
  }

  /// Whether it is a write that was acknowledged.
  boolean isAcknowledgedWrite() {
    return switch (kind) {
      case REGISTER, REGISTER_ENFORCED, DECLARE, WITHDRAW, WAIVE ->
          outcome == Outcome.OK && claimedAt > 0;
      case CHECK, NEGOTIATE, READ_KERNEL, READ_CONSUMER, READ_SCHEMA, CAN_RUN -> false;
    };
  }

  @Override
  public String toString() {
    return "%s %s of worker %d through %s at %.1f to %.1f s"
        .formatted(
            kind,
            subject,
            worker,
            client == 0 ? "any server" : "server " + client,
            begin / 1e3,
            end / 1e3);
  }
}
