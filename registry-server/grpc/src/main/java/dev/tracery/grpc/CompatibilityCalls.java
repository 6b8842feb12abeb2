package dev.tracery.grpc;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.FitWriter;
import dev.tracery.grpc.wire.PolicyFields;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.grpc.wire.WaiverFields;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.Registry;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.GetPolicyRequest;
import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.GiveWaiverRequest;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.ListWaiversRequest;
import dev.tracery.v1.ListWaiversResponse;
import dev.tracery.v1.UpdatePolicyRequest;
import dev.tracery.v1.UpdatePolicyResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/// `tracery.v1.CompatibilityService`.
final class CompatibilityCalls extends CompatibilityServiceGrpc.CompatibilityServiceImplBase {

  private static final int MAX_KERNELS = 10_000;

  private final CurrentRegistry current;
  private final Executor threads;
  private final WriterSlots writers;
  private final Duration stall;

  CompatibilityCalls(
      CurrentRegistry current, Executor threads, WriterSlots writers, Duration stall) {
    this.current = current;
    this.threads = threads;
    this.writers = writers;
    this.stall = stall;
  }

  @Override
  public StreamObserver<CheckKernelRequest> checkKernel(
      StreamObserver<CheckKernelResponse> observer) {
    OutboundCall<CheckKernelResponse> call = new OutboundCall<>(observer);
    Inbound<CheckKernelRequest> requests = new Inbound<>(call, stall);
    // Why a writer's slot: a check holds as much memory as a registration.
    call.handle(threads, () -> writers.run(() -> new CheckCall(current, requests, call).run()));
    return requests;
  }

  @Override
  public void canRun(CanRunRequest request, StreamObserver<CanRunResponse> observer) {
    UnaryCall.answerOn(threads, observer, () -> canRun(request));
  }

  private CanRunResponse canRun(CanRunRequest request) {
    Violations violations = new Violations();
    String kernel = "";
    String series = "";
    switch (request.getWhereCase()) {
      case KERNEL -> kernel = RequestFields.kernel("kernel", request.getKernel(), violations);
      case SERIES ->
          series =
              SeriesReader.read("series", request.getSeries(), violations)
                  .orElseGet(() -> {
                    violations.add("series", "name a series");
                    return "";
                  });
      case WHERE_NOT_SET -> violations.add("where", "name a series or a kernel");
    }
    if (request.hasKnown()) {
      if (request.getKnown().getName().isEmpty()) {
        violations.add("known.name", "name a tool");
      }
      RequestFields.name("known.name", request.getKnown().getName(), violations);
      RequestFields.name("known.version", request.getKnown().getVersion(), violations);
    } else if (request.hasConsumer()) {
      ConsumerReader.Result read = ConsumerReader.read("consumer", request.getConsumer());
      read.problems().forEach(problem -> violations.add(problem.field(), problem.message()));
    } else {
      violations.add("tool", "name a tool that the registry knows, or give one");
    }
    violations.check();
    Registry registry = current.get();
    String named = kernel;
    String inSeries = series;
    var answer =
        AtRevision.read(
            registry,
            request.getAtRevision(),
            at -> {
              Consumer tool = tool(registry, request, at);
              Compatibility compatibility = registry.compatibility();
              CanRunResponse.Builder out =
                  CanRunResponse.newBuilder().setConsumer(ConsumerWriter.write(tool));
              List<Compatibility.KernelFit> fits =
                  named.isEmpty()
                      ? compatibility.canRunIn(tool, inSeries, MAX_KERNELS, at)
                      : List.of(compatibility.canRunOn(tool, named, at));
              fits.forEach(fit -> out.addKernels(FitWriter.write(fit)));
              return out;
            });
    return answer.value().setRevision(answer.revision()).build();
  }

  private static Consumer tool(Registry registry, CanRunRequest request, long atRevision) {
    if (request.hasKnown()) {
      return registry
          .consumers()
          .consumer(request.getKnown().getName(), request.getKnown().getVersion(), atRevision)
          .consumer();
    }
    return ConsumerReader.read("consumer", request.getConsumer()).consumer().orElseThrow();
  }

  @Override
  public void giveWaiver(GiveWaiverRequest request, StreamObserver<GiveWaiverResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          Compatibility.Waiver asked = WaiverFields.read("waiver", request.getWaiver(), violations);
          violations.check();
          Compatibility.Waiver given = current.get().compatibility().waive(asked);
          return GiveWaiverResponse.newBuilder()
              .setWaiver(WaiverFields.write(given))
              .setRevision(given.revision())
              .build();
        });
  }

  @Override
  public void listWaivers(
      ListWaiversRequest request, StreamObserver<ListWaiversResponse> observer) {
    UnaryCall.answerOn(threads, observer, () -> new WaiverListing(current.get()).page(request));
  }

  @Override
  public void getPolicy(GetPolicyRequest request, StreamObserver<GetPolicyResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Registry registry = current.get();
          AtRevision.check(registry, "at_revision", request.getAtRevision());
          return PolicyFields.write(registry.compatibility().policy(request.getAtRevision()));
        });
  }

  @Override
  public void updatePolicy(
      UpdatePolicyRequest request, StreamObserver<UpdatePolicyResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          List<Compatibility.ModeRule> modes =
              PolicyFields.modes(request.getModesList(), violations);
          List<Compatibility.StabilityRule> stability =
              PolicyFields.stability(request.getStabilityList(), violations);
          violations.check();
          return UpdatePolicyResponse.newBuilder()
              .setPolicy(
                  PolicyFields.write(current.get().compatibility().updatePolicy(modes, stability)))
              .build();
        });
  }
}
