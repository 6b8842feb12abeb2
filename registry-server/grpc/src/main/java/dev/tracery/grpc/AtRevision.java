package dev.tracery.grpc;

import com.google.rpc.BadRequest;
import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.function.LongFunction;

/// What was read from the registry, with the revision at which it was true.
///
/// @param <T> what was read
/// @param value the answer
/// @param revision when it was true
record AtRevision<T>(T value, long revision) {

  // Why: as long as a call that wants a revision at least waits by default.
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  /// Reads at `atRevision`, or, where that is 0, now.
  ///
  /// @param read reads at a revision, 0 being now
  static <T> AtRevision<T> read(Registry registry, long atRevision, LongFunction<T> read) {
    if (atRevision != 0) {
      check(registry, "at_revision", atRevision);
      return new AtRevision<>(read.apply(atRevision), atRevision);
    }
    // Why a loop: the head may move between the two questions. It moves by durable writes only, so
    // this ends soon.
    while (true) {
      long revision = registry.head();
      T value = read.apply(0);
      if (registry.head() == revision) {
        return new AtRevision<>(value, revision);
      }
    }
  }

  /// Refuses a revision that is not there yet. Where others write the log, too, this server may
  /// only not have read it: then it looks, and waits a little.
  ///
  /// @param revision unsigned, as the wire has it
  static void check(Registry registry, String field, long revision) {
    if (revision > registry.head() && !registry.freshness().age().isZero()) {
      await(registry, revision);
    }
    long head = registry.head();
    if (Long.compareUnsigned(revision, head) > 0) {
      String problem =
          "expected a revision up to "
              + head
              + ", the latest, but found "
              + Long.toUnsignedString(revision);
      throw new Refusal(
              ErrorReason.REVISION_NOT_REACHED,
              field + ": " + problem,
              List.of(
                  BadRequest.newBuilder()
                      .addFieldViolations(
                          BadRequest.FieldViolation.newBuilder()
                              .setField(field)
                              .setDescription(problem))
                      .build()))
          .toException();
    }
  }

  private static void await(Registry registry, long revision) {
    try {
      boolean _ = registry.await(revision, PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw Status.CANCELLED.asRuntimeException();
    } catch (RegistryException e) {
      throw e.code() == RegistryException.Code.UNAVAILABLE
          ? RevisionGate.notHere(registry, revision, e)
          : e;
    }
  }
}
