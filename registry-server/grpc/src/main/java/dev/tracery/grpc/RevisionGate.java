package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.grpc.status.Violations;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/// Lets a call begin when this server is fit for it: when it has read the revision that the call
/// wants at least, for which it waits a little, and, if the call writes, when the store can be
/// reached.
///
/// Stands inside of [CallGuard], whose calls it expects.
final class RevisionGate implements ServerInterceptor {

  private final CurrentRegistry current;
  private final Executor threads;
  private final Duration patience;
  private final CallCounts counts;

  /// @param threads runs each wait on a thread of its own
  /// @param patience how long a call may wait for its revision
  RevisionGate(CurrentRegistry current, Executor threads, Duration patience, CallCounts counts) {
    this.current = current;
    this.threads = threads;
    this.patience = patience;
    this.counts = counts;
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    String wanted = headers.get(CallMarks.AT_LEAST);
    boolean writes = Writes.isWrite(call.getMethodDescriptor());
    if (wanted == null && !writes) {
      return next.startCall(call, headers);
    }
    Registry registry = current.get();
    if (writes) {
      checkStore(registry);
    }
    long revision = wanted == null ? 0 : read(wanted);
    if (registry.head() >= revision) {
      return next.startCall(call, headers);
    }
    HeldListener<Q> held = new HeldListener<>();
    threads.execute(
        Context.current()
            .wrap(() -> {
              try {
                await(registry, revision);
                if (!Context.current().isCancelled()) {
                  ((CallGuard.GuardedCall<?, ?>) call).read(revision);
                  held.open(next.startCall(call, headers));
                }
              } catch (Throwable thrown) {
                ((CallGuard.GuardedCall<?, ?>) call).refuse(thrown);
                held.drop();
              }
            }));
    return held;
  }

  private static long read(String wanted) {
    if (wanted.matches("[0-9]{1,19}")) {
      long revision = Long.parseUnsignedLong(wanted);
      if (revision >= 0) {
        return revision;
      }
    }
    Violations violations = new Violations();
    violations.add(
        CallMarks.AT_LEAST.name(), "expected a revision, as in 17, but found \"" + wanted + "\"");
    throw violations.refusal();
  }

  private void checkStore(Registry registry) {
    Registry.Freshness freshness = registry.freshness();
    if (!freshness.storeReachable()) {
      counts.countRefusedWrite();
      String problem = freshness.problem();
      throw new Refusal(
              ErrorReason.STORE_UNAVAILABLE,
              "nothing can be written now, because this server has lost its store"
                  + (problem.isEmpty() ? "" : " (" + problem + ")")
                  + "; it answers what it has in memory",
              List.of(RefusalReader.RETRY_SOON))
          .toException();
    }
  }

  /// Ends well when `revision` is here, or when the call has ended.
  private void await(Registry registry, long revision) {
    Thread thread = Thread.currentThread();
    Context.CancellationListener interrupter = _ -> thread.interrupt();
    Context context = Context.current();
    context.addListener(interrupter, Runnable::run);
    try {
      if (!registry.await(revision, patience(context))) {
        throw notHere(registry, revision, "");
      }
    } catch (InterruptedException _) {
      // The call has ended, and nobody waits for the answer.
    } catch (RegistryException e) {
      throw e.code() == RegistryException.Code.UNAVAILABLE ? notHere(registry, revision, e) : e;
    } finally {
      context.removeListener(interrupter);
    }
  }

  private Duration patience(Context context) {
    Deadline deadline = context.getDeadline();
    if (deadline == null) {
      return patience;
    }
    long left = Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    return left < patience.toNanos() ? Duration.ofNanos(left) : patience;
  }

  /// What to say where the store is away, so that nobody knows whether there is such a revision.
  static StatusRuntimeException notHere(
      Registry registry, long revision, RegistryException unavailable) {
    return notHere(
        registry, revision, ", which has lost its store (" + unavailable.getMessage() + ")");
  }

  private static StatusRuntimeException notHere(Registry registry, long revision, String why) {
    return new Refusal(
            ErrorReason.REVISION_NOT_HERE,
            "revision "
                + revision
                + " is not on this server"
                + why
                + "; it has read up to revision "
                + registry.head(),
            List.of(RefusalReader.RETRY_SOON))
        .toException();
  }
}
