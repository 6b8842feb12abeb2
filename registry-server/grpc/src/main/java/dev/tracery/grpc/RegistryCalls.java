package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.DiffWriter;
import dev.tracery.grpc.wire.KernelWriter;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.SchemaRequest;
import dev.tracery.grpc.wire.SchemaWriter;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry;
import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.DiffSchemasResponse;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.FindMissingLayoutsResponse;
import dev.tracery.v1.GetKernelRequest;
import dev.tracery.v1.GetKernelResponse;
import dev.tracery.v1.GetKernelTypesRequest;
import dev.tracery.v1.GetKernelTypesResponse;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.ListEventsRequest;
import dev.tracery.v1.ListEventsResponse;
import dev.tracery.v1.ListKernelsRequest;
import dev.tracery.v1.ListKernelsResponse;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// `tracery.v1.RegistryService`.
final class RegistryCalls extends RegistryServiceGrpc.RegistryServiceImplBase {

  private static final int MAX_HASHES = 65_536;

  private final CurrentRegistry current;
  private final Executor threads;
  private final WriterSlots writers;
  private final Watchers watchers;
  private final Duration stall;

  RegistryCalls(
      CurrentRegistry current,
      Executor threads,
      WriterSlots writers,
      Watchers watchers,
      Duration stall) {
    this.current = current;
    this.threads = threads;
    this.writers = writers;
    this.watchers = watchers;
    this.stall = stall;
  }

  @Override
  public void findMissingLayouts(
      FindMissingLayoutsRequest request, StreamObserver<FindMissingLayoutsResponse> observer) {
    UnaryCall.answer(
        observer,
        () -> {
          checkCount(request);
          Violations violations = new Violations();
          List<Sha256> layouts = hashes("layout_hashes", request.getLayoutHashesList(), violations);
          List<Sha256> systems = hashes("system_hashes", request.getSystemHashesList(), violations);
          violations.check();
          Registry registry = current.get();
          var read =
              AtRevision.read(
                  registry,
                  0,
                  _ -> {
                    FindMissingLayoutsResponse.Builder out =
                        FindMissingLayoutsResponse.newBuilder();
                    registry
                        .missingLayouts(layouts)
                        .forEach(hash -> out.addMissing(KernelWriter.write(hash)));
                    registry.knownSystems(systems).stream().forEach(out::addKnownSystems);
                    return out;
                  });
          return read.value().setRevision(read.revision()).build();
        });
  }

  @Override
  public StreamObserver<RegisterKernelRequest> registerKernel(
      StreamObserver<RegisterKernelResponse> observer) {
    OutboundCall<RegisterKernelResponse> call = new OutboundCall<>(observer);
    Inbound<RegisterKernelRequest> requests = new Inbound<>(call, stall);
    call.handle(threads, () -> writers.run(() -> new RegisterCall(current, requests, call).run()));
    return requests;
  }

  @Override
  public void getKernel(GetKernelRequest request, StreamObserver<GetKernelResponse> observer) {
    read(
        request.getAtRevision(),
        observer,
        () -> {
          Violations violations = new Violations();
          String name = RequestFields.kernel("kernel", request.getKernel(), violations);
          violations.check();
          Registry registry = current.get();
          var kernel =
              AtRevision.read(registry, request.getAtRevision(), at -> registry.kernel(name, at));
          return GetKernelResponse.newBuilder()
              .setKernel(KernelWriter.write(kernel.value()))
              .setRevision(kernel.revision())
              .build();
        });
  }

  @Override
  public void getKernelTypes(
      GetKernelTypesRequest request, StreamObserver<GetKernelTypesResponse> observer) {
    // Why on a thread: all of a kernel's types are some thousand messages.
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          String name = RequestFields.kernel("kernel", request.getKernel(), violations);
          String filter = RequestFields.name("filter", request.getFilter(), violations);
          violations.check();
          Registry registry = current.get();
          GetKernelTypesResponse.Builder out = GetKernelTypesResponse.newBuilder();
          var types =
              AtRevision.read(
                  registry,
                  request.getAtRevision(),
                  at -> {
                    out.setKernel(registry.kernel(name, at).id());
                    return registry.types(name, filter, at);
                  });
          types.value().ifPresent(out::setTypes);
          return out.setRevision(types.revision()).build();
        });
  }

  @Override
  public void listKernels(
      ListKernelsRequest request, StreamObserver<ListKernelsResponse> observer) {
    read(
        request.getPageToken().isEmpty() ? request.getAtRevision() : -1,
        observer,
        () -> new KernelListing(current.get()).page(request));
  }

  @Override
  public void listEvents(ListEventsRequest request, StreamObserver<ListEventsResponse> observer) {
    read(
        request.getPageToken().isEmpty() ? request.getAtRevision() : -1,
        observer,
        () -> new EventListing(current.get()).page(request));
  }

  @Override
  public void getSchema(GetSchemaRequest request, StreamObserver<GetSchemaResponse> observer) {
    Supplier<GetSchemaResponse> handler =
        () -> {
          SchemaRequest asked = SchemaRequest.read(request);
          Registry registry = current.get();
          AtRevision.check(registry, "at_revision", request.getAtRevision());
          return SchemaWriter.write(
              registry.schema(
                  asked.event(), asked.selector(), asked.parts(), request.getAtRevision()));
        };
    if (SchemaRequest.asksForLayout(request)) {
      // Why: a layout that is not in memory is read from the store.
      UnaryCall.answerOn(threads, observer, handler);
    } else {
      read(request.getAtRevision(), observer, handler);
    }
  }

  @Override
  public void diffKernels(
      DiffKernelsRequest request, StreamObserver<DiffKernelsResponse> observer) {
    UnaryCall.answerUnlessEnded(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          String from = RequestFields.kernel("from_kernel", request.getFromKernel(), violations);
          String to = RequestFields.kernel("to_kernel", request.getToKernel(), violations);
          String filter = RequestFields.name("filter", request.getFilter(), violations);
          violations.check();
          Registry registry = current.get();
          AtRevision.check(registry, "at_revision", request.getAtRevision());
          return DiffWriter.write(registry.diff(from, to, filter, request.getAtRevision()));
        });
  }

  @Override
  public void diffSchemas(
      DiffSchemasRequest request, StreamObserver<DiffSchemasResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Violations violations = new Violations();
          EventName event = RequestFields.event("event", request.getEvent(), violations);
          int from = request.getFromVersion();
          int to = request.getToVersion();
          if (from <= 0) {
            violations.add("from_version", "versions count from 1");
          }
          if (to < 0) {
            violations.add(
                "to_version", "no event has " + Integer.toUnsignedString(to) + " versions");
          }
          violations.check();
          Registry registry = current.get();
          AtRevision.check(registry, "at_revision", request.getAtRevision());
          return DiffWriter.writeVersions(
              registry.diffVersions(event, from, to, request.getAtRevision()));
        });
  }

  @Override
  public void watch(WatchRequest request, StreamObserver<WatchResponse> observer) {
    OutboundCall<WatchResponse> call = new OutboundCall<>(observer);
    watchers.add(call.doorbell());
    call.handle(
        threads,
        () -> {
          try {
            new WatchCall(current.get(), call).run(request.getAfterRevision());
          } finally {
            watchers.remove(call.doorbell());
          }
        });
  }

  /// The present is in memory; the past may have to be rebuilt from the log first.
  private <R> void read(long atRevision, StreamObserver<R> observer, Supplier<R> handler) {
    if (atRevision == 0) {
      UnaryCall.answer(observer, handler);
    } else {
      UnaryCall.answerOn(threads, observer, handler);
    }
  }

  private static void checkCount(FindMissingLayoutsRequest request) {
    int count = request.getLayoutHashesCount() + request.getSystemHashesCount();
    if (count > MAX_HASHES) {
      Violations violations = new Violations();
      violations.add(
          request.getSystemHashesCount() > MAX_HASHES ? "system_hashes" : "layout_hashes",
          "at most " + MAX_HASHES + " hashes are allowed, not " + count + "; ask in several calls");
      violations.check();
    }
  }

  private static List<Sha256> hashes(String field, List<ByteString> given, Violations violations) {
    List<Sha256> hashes = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      hashes.add(RequestFields.hash(field + "[" + i + "]", given.get(i), violations));
    }
    return hashes;
  }
}
