package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.stream.ChunkInputStream;
import dev.tracery.grpc.stream.ChunkOutputStream;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.StatusWriter;
import dev.tracery.registry.Registry;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.ExportRequest;
import dev.tracery.v1.ExportResponse;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ImportRequest;
import dev.tracery.v1.ImportResponse;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;

/// `tracery.v1.AdminService`.
final class AdminCalls extends AdminServiceGrpc.AdminServiceImplBase {

  private static final int HASH_ATTEMPTS = 20;

  private final CurrentRegistry current;
  private final Executor threads;
  private final WriterSlots writers;
  private final Duration stall;

  AdminCalls(CurrentRegistry current, Executor threads, WriterSlots writers, Duration stall) {
    this.current = current;
    this.threads = threads;
    this.writers = writers;
    this.stall = stall;
  }

  @Override
  public void export(ExportRequest request, StreamObserver<ExportResponse> observer) {
    OutboundCall<ExportResponse> call = new OutboundCall<>(observer);
    call.handle(
        threads,
        () -> {
          Registry registry = current.get();
          AtRevision.check(registry, "at_revision", request.getAtRevision());
          ChunkOutputStream out =
              new ChunkOutputStream(
                  chunk -> call.send(ExportResponse.newBuilder().setChunk(chunk).build()));
          try {
            registry.export(out, request.getAtRevision());
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          out.flush();
        });
  }

  @Override
  public StreamObserver<ImportRequest> import_(StreamObserver<ImportResponse> observer) {
    OutboundCall<ImportResponse> call = new OutboundCall<>(observer);
    Inbound<ImportRequest> requests = new Inbound<>(call, stall);
    call.handle(threads, () -> writers.run(() -> importFrom(requests, call)));
    return requests;
  }

  private void importFrom(Inbound<ImportRequest> requests, OutboundCall<ImportResponse> call) {
    Registry registry = current.get();
    ChunkInputStream in =
        new ChunkInputStream(() -> {
          ImportRequest request = requests.next();
          return request == null ? null : request.getChunk();
        });
    try {
      registry.importFrom(in);
    } catch (IOException e) {
      // Why: reading from the caller never throws one, so it is what was read that is wrong.
      throw new Refusal(
              ErrorReason.DATA_DAMAGED, "the export cannot be read: " + e.getMessage(), List.of())
          .toException();
    }
    Registry.Status status = registry.status();
    call.send(
        ImportResponse.newBuilder()
            .setRevision(status.revision())
            .setKernelCount(status.kernels())
            .build());
  }

  @Override
  public void getStatus(GetStatusRequest request, StreamObserver<GetStatusResponse> observer) {
    UnaryCall.answerOn(
        threads,
        observer,
        () -> {
          Registry registry = current.get();
          return request.getStateHash()
              ? hashed(registry)
              : StatusWriter.write(registry.status(), null);
        });
  }

  /// The status and the hash of one revision.
  private static GetStatusResponse hashed(Registry registry) {
    for (int i = 0; i < HASH_ATTEMPTS; i++) {
      Registry.Status status = registry.status();
      Registry.StateHash hash = registry.stateHash();
      if (status.revision() == hash.revision()) {
        return StatusWriter.write(status, hash);
      }
    }
    throw new Refusal(
            ErrorReason.STATE_UNSUITABLE,
            "state_hash: the log grew each time that the state was hashed; ask again when less is"
                + " written",
            List.of())
        .toException();
  }
}
