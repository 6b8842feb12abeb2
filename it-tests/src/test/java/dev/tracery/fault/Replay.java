package dev.tracery.fault;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.client.EventSource;
import dev.tracery.client.Registration;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.fault.Questions.Question;
import dev.tracery.grpc.wire.FitWriter;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.grpc.wire.QuestionReader;
import dev.tracery.grpc.wire.ReportWriter;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.Registry;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.core.RegistryInMemory;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A registry in this process that is given the log commit by commit, and asked again what clients
/// asked.
final class Replay implements Checker.Oracle {

  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final List<LoggedCommit> log;
  private final Questions questions;
  private long nowMillis;
  private final Store store =
      new MemoryStore(new MemoryStore.Disk(), () -> Instant.ofEpochMilli(nowMillis));
  private final Registry registry = RegistryInMemory.open(store, new InstalledBridges());

  Replay(List<LoggedCommit> log, Questions questions) {
    this.log = log;
    this.questions = questions;
  }

  @Override
  public String verdict(int question, long revision) {
    moveTo(revision);
    String verdict =
        switch (questions.get(question)) {
          case Question.Judge(Registration kernel) -> judge(kernel);
          case Question.Negotiate(NegotiateRequest request) -> negotiate(request);
          case Question.CanRun(CanRunRequest request) -> canRun(request);
        };
    if (store.head() != revision) {
      return "needs what is not in the log at this revision: " + verdict;
    }
    return verdict;
  }

  private void moveTo(long revision) {
    for (long next = store.head(); next < revision; next++) {
      LoggedCommit commit = log.get((int) next);
      nowMillis = commit.timeMillis();
      store.append(next, commit.entries().toByteArray(), commit.blobs());
    }
    if (store.head() != revision) {
      throw new IllegalStateException("asked for " + revision + " after " + store.head());
    }
    try {
      long end = System.nanoTime() + PATIENCE.toNanos();
      while (registry.head() < revision) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("the registry does not follow to " + revision);
        }
        Thread.sleep(1);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String judge(Registration kernel) {
    String series = kernel.series().orElseThrow();
    if (registry.kernels("", 0, Integer.MAX_VALUE, 0).stream()
        .noneMatch(known -> known.series().contains(series))) {
      return judgeFirst(kernel);
    }
    try (Compatibility.Check check = registry.compatibility().check(kernel.identity(), series)) {
      for (EventSource event : kernel.events()) {
        check.add(event.event(), event.id(), file(event), event.text().get(), hash(event));
      }
      return Verdicts.of(ReportWriter.write(check.finish().report()));
    }
  }

  /// The first of a series can be registered, but not checked.
  private String judgeFirst(Registration kernel) {
    try (Registry.Registration first = registry.register(kernel.identity(), kernel.series())) {
      for (EventSource event : kernel.events()) {
        first.add(event.event(), event.id(), file(event), event.text().get(), hash(event));
      }
      return Verdicts.of(ReportWriter.write(first.finish(true).report().orElseThrow()));
    }
  }

  private static String file(EventSource event) {
    return event.event() + "/format";
  }

  private static Optional<Sha256> hash(EventSource event) {
    return Optional.of(event.layoutHash());
  }

  private String negotiate(NegotiateRequest request) {
    var question = QuestionReader.read(request.toBuilder().setDryRun(true).build());
    try {
      return Verdicts.of(
          NegotiateResponse.parseFrom(
              NegotiationWriter.write(registry.negotiation().negotiate(question))));
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(e);
    }
  }

  private String canRun(CanRunRequest request) {
    var tool = ConsumerReader.read("consumer", request.getConsumer()).consumer().orElseThrow();
    CanRunResponse.Builder answer = CanRunResponse.newBuilder();
    registry
        .compatibility()
        .canRunIn(tool, request.getSeries(), 10_000, 0)
        .forEach(fit -> answer.addKernels(FitWriter.write(fit)));
    return Verdicts.of(answer.build());
  }
}
