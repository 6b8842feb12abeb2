package dev.tracery.grpc;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.wire.ClaimWriter;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ConsumerServiceGrpc;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.FindUsesResponse;
import dev.tracery.v1.GetConsumerRequest;
import dev.tracery.v1.GetConsumerResponse;
import dev.tracery.v1.ListConsumersRequest;
import dev.tracery.v1.ListConsumersResponse;
import dev.tracery.v1.Use;
import dev.tracery.v1.WithdrawConsumerRequest;
import dev.tracery.v1.WithdrawConsumerResponse;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.concurrent.Executor;

/// `tracery.v1.ConsumerService`.
final class ConsumerCalls extends ConsumerServiceGrpc.ConsumerServiceImplBase {

  private static final int MAX_SUPERSEDED = 1_000;
  private static final int MAX_REASON = 1_000;
  private static final int MAX_USES = 10_000;
  // Why: clients of gRPC accept 4 MiB by default.
  private static final int MAX_BYTES = 3 << 20;

  private final CurrentRegistry current;
  private final Executor threads;

  ConsumerCalls(CurrentRegistry current, Executor threads) {
    this.current = current;
    this.threads = threads;
  }

  @Override
  public void declareConsumer(
      DeclareConsumerRequest request, StreamObserver<DeclareConsumerResponse> observer) {
    UnaryCall.answerOn(threads, observer, () -> declare(request));
  }

  private DeclareConsumerResponse declare(DeclareConsumerRequest request) {
    Violations violations = new Violations();
    ConsumerReader.Result read = ConsumerReader.read("consumer", request.getConsumer());
    read.problems().forEach(problem -> violations.add(problem.field(), problem.message()));
    if (request.getSupersedesCount() > MAX_SUPERSEDED) {
      violations.add(
          "supersedes",
          "at most " + MAX_SUPERSEDED + " are allowed, not " + request.getSupersedesCount());
    } else {
      for (int i = 0; i < request.getSupersedesCount(); i++) {
        if (!request.getSupersedes(i).equals("*")) {
          checkVersion("supersedes[" + i + "]", request.getSupersedes(i), violations);
        }
      }
    }
    violations.check();
    Consumer consumer = read.consumer().orElseThrow();
    Consumers.Declared declared =
        current
            .get()
            .consumers()
            .declare(
                consumer,
                request.getSupersedesList(),
                request.getAllowUnknownEvents(),
                request.getValidateOnly());
    return DeclareConsumerResponse.newBuilder()
        .setClaim(ClaimWriter.write(declared.claim()))
        .setRevision(declared.revision())
        .setChanged(declared.changed())
        .addAllSuperseded(declared.superseded())
        .addAllWarnings(declared.warnings())
        .build();
  }

  @Override
  public void withdrawConsumer(
      WithdrawConsumerRequest request, StreamObserver<WithdrawConsumerResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          checkTool(request.getName(), request.getVersion(), violations);
          if (request.getReason().length() > MAX_REASON) {
            violations.add(
                "reason",
                "at most "
                    + MAX_REASON
                    + " characters are allowed, not "
                    + request.getReason().length());
          } else if (request.getReason().chars().anyMatch(Character::isISOControl)) {
            violations.add("reason", "has a control character");
          }
          violations.check();
          Consumers.Withdrawn withdrawn =
              current
                  .get()
                  .consumers()
                  .withdraw(request.getName(), request.getVersion(), request.getReason());
          return WithdrawConsumerResponse.newBuilder()
              .addAllVersions(withdrawn.versions())
              .setRevision(withdrawn.revision())
              .build();
        });
  }

  @Override
  public void getConsumer(
      GetConsumerRequest request, StreamObserver<GetConsumerResponse> observer) {
    UnaryCall.answer(
        observer,
        () -> {
          Violations violations = new Violations();
          checkTool(request.getName(), request.getVersion(), violations);
          violations.check();
          Registry registry = current.get();
          var claim =
              AtRevision.read(
                  registry,
                  request.getAtRevision(),
                  at -> registry.consumers().consumer(request.getName(), request.getVersion(), at));
          return GetConsumerResponse.newBuilder()
              .setClaim(ClaimWriter.write(claim.value()))
              .setRevision(claim.revision())
              .build();
        });
  }

  @Override
  public void listConsumers(
      ListConsumersRequest request, StreamObserver<ListConsumersResponse> observer) {
    UnaryCall.answerOn(threads, observer, () -> new ClaimListing(current.get()).page(request));
  }

  @Override
  public void findUses(FindUsesRequest request, StreamObserver<FindUsesResponse> observer) {
    UnaryCall.answerOn(threads, observer, () -> uses(request));
  }

  private FindUsesResponse uses(FindUsesRequest request) {
    Violations violations = new Violations();
    if (request.getEvent().isEmpty()) {
      violations.add("event", "name an event, system/name, or a glob over it, such as sched/*");
    }
    RequestFields.name("event", request.getEvent(), violations);
    RequestFields.name("field", request.getField(), violations);
    violations.check();
    Registry registry = current.get();
    Consumers.Uses uses =
        AtRevision.read(
                registry,
                request.getAtRevision(),
                at ->
                    registry
                        .consumers()
                        .uses(
                            request.getEvent(),
                            request.getField(),
                            request.getIncludeEnded(),
                            MAX_USES,
                            at))
            .value();
    FindUsesResponse.Builder out =
        FindUsesResponse.newBuilder().setUseCount(uses.count()).setRevision(uses.revision());
    int bytes = 0;
    for (Consumers.Use use : uses.uses()) {
      Use written = ClaimWriter.write(use);
      bytes += written.getSerializedSize();
      if (bytes > MAX_BYTES) {
        break;
      }
      out.addUses(written);
    }
    return out.build();
  }

  private static void checkTool(String name, String version, Violations violations) {
    ConsumerReader.problemOfName(name).ifPresent(problem -> violations.add("name", problem));
    if (!version.isEmpty()) {
      checkVersion("version", version, violations);
    }
  }

  private static void checkVersion(String field, String version, Violations violations) {
    Optional<String> problem = ConsumerReader.problemOfVersion(version);
    problem.ifPresent(text -> violations.add(field, text));
  }
}
