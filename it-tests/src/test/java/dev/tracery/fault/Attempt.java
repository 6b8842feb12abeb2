package dev.tracery.fault;

import com.google.rpc.Code;
import dev.tracery.client.TraceryException;
import dev.tracery.fault.Operation.Judged;
import dev.tracery.fault.Operation.Kind;
import dev.tracery.fault.Operation.Outcome;
import java.util.List;
import java.util.Optional;

/// An operation while it is under way. Of one worker; [#run] is called once.
final class Attempt {

  /// What one call does; says to the attempt what was answered.
  interface Call {
    void make(Attempt attempt);
  }

  private final History history;
  private final int worker;
  private final Client client;
  private final Kind kind;
  private final String subject;
  private final long floor;
  private List<String> asked = List.of();
  private List<String> claimed = List.of();
  private long claimedAt;
  private long revision;
  private Judged judged = Judged.NOTHING;
  private List<Numbers> numbers = List.of();
  private Optional<TraceryException> failure = Optional.empty();

  Attempt(History history, int worker, Client client, Kind kind, String subject) {
    this.history = history;
    this.worker = worker;
    this.client = client;
    this.kind = kind;
    this.subject = subject;
    this.floor = client.floor();
  }

  /// What is in the log if it is done.
  Attempt asks(String... facts) {
    asked = List.of(facts);
    return this;
  }

  /// The answer is of this revision.
  void answered(long answered) {
    revision = answered;
  }

  /// The answer says that these are in the log since `at`.
  void claims(long at, String... facts) {
    claimedAt = at;
    claimed = List.of(facts);
  }

  /// A write of this client was done, and this is the revision after it.
  void wrote(long after) {
    revision = after;
    client.wrote(after);
  }

  long revision() {
    return revision;
  }

  /// The answer judges. Nothing is noted of a verdict that cannot be compared.
  void judged(int question, String verdict, long at) {
    if (!verdict.isEmpty()) {
      judged = new Judged(question, verdict, at);
    }
  }

  /// The answer gives out numbers.
  void gives(List<Numbers> given) {
    numbers = given;
  }

  /// How it failed, if it did.
  Optional<TraceryException> failure() {
    return failure;
  }

  /// Makes the call and notes how it went.
  ///
  /// @return whether it was done
  boolean run(Call call) {
    long begin = history.now();
    Outcome outcome = Outcome.OK;
    String problem = "";
    try {
      call.make(this);
    } catch (TraceryException e) {
      failure = Optional.of(e);
      outcome = outcome(e);
      problem =
          e.code() + e.reason().map(reason -> " " + reason).orElse("") + ": " + e.getMessage();
      if (isBroken(e)) {
        history.badAnswer(kind + " " + subject + " was answered " + problem);
      }
    }
    history.add(
        new Operation(
            worker,
            client.number(),
            kind,
            subject,
            begin,
            history.now(),
            outcome,
            problem,
            // Why: of several servers the one before may have done it, and not lived to say so.
            client.isOfOneServer() && (outcome == Outcome.REFUSED || outcome == Outcome.FAILED),
            floor,
            revision,
            asked,
            claimed,
            claimedAt,
            judged,
            numbers));
    return outcome == Outcome.OK;
  }

  private static Outcome outcome(TraceryException failure) {
    return switch (failure.code()) {
      case INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          FAILED_PRECONDITION,
          OUT_OF_RANGE,
          RESOURCE_EXHAUSTED ->
          Outcome.REFUSED;
      // Why: a reason is the server's word that it did nothing. Without one the connection failed.
      case UNAVAILABLE ->
          failure.reason().filter(reason -> !reason.equals("CONNECTION_LOST")).isPresent()
              ? Outcome.FAILED
              : Outcome.UNCERTAIN;
      default -> Outcome.UNCERTAIN;
    };
  }

  /// Whether no fault of ours explains the answer.
  private static boolean isBroken(TraceryException failure) {
    return failure.code() == Code.DATA_LOSS
        || failure.code() == Code.INVALID_ARGUMENT
        || (failure.code() == Code.INTERNAL && failure.reason().isPresent())
        || (failure.code() == Code.UNKNOWN && failure.reason().isEmpty());
  }
}
