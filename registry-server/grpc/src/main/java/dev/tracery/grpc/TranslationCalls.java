package dev.tracery.grpc;

import dev.tracery.grpc.status.ErrorReason;
import dev.tracery.grpc.status.Refusal;
import dev.tracery.grpc.status.RefusalReader;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.v1.TranslateRequest;
import dev.tracery.v1.TranslationServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/// `tracery.v1.TranslationService`. Each trace is translated by a thread of its own, as many at a
/// time as the settings allow: the transport's threads and the virtual ones of other calls never do
/// that work.
final class TranslationCalls implements AutoCloseable {

  private final CurrentTranslation current;
  private final Executor threads;
  private final Duration idle;
  private final int maxStreams;
  private final Semaphore free;

  // Bounded by the semaphore.
  private final ExecutorService workers =
      Executors.newCachedThreadPool(
          Thread.ofPlatform().daemon().name("tracery-translate-", 0).factory());

  TranslationCalls(CurrentTranslation current, Executor threads, TranslationOptions options) {
    this.current = current;
    this.threads = threads;
    this.idle = options.idle();
    this.maxStreams = options.maxStreams();
    this.free = new Semaphore(maxStreams);
  }

  /// The service. Answers are bytes, as the translation makes them.
  ServerServiceDefinition bindService() {
    MethodDescriptor<TranslateRequest, byte[]> method =
        TranslationServiceGrpc.getTranslateMethod().toBuilder(
                TranslationServiceGrpc.getTranslateMethod().getRequestMarshaller(),
                BytesMarshaller.INSTANCE)
            .build();
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(TranslationServiceGrpc.SERVICE_NAME)
            .setSchemaDescriptor(
                TranslationServiceGrpc.getServiceDescriptor().getSchemaDescriptor())
            .addMethod(method)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::translate))
        .build();
  }

  private StreamObserver<TranslateRequest> translate(StreamObserver<byte[]> observer) {
    OutboundCall<byte[]> call = new OutboundCall<>(observer);
    Inbound<TranslateRequest> requests = new Inbound<>(call, idle);
    call.handle(threads, () -> run(new TranslateCall(current, requests, call, idle)));
    return requests;
  }

  private void run(TranslateCall translation) {
    if (!free.tryAcquire()) {
      throw new Refusal(
              ErrorReason.TRANSLATIONS_BUSY,
              "the server translates "
                  + maxStreams
                  + (maxStreams == 1 ? " trace" : " traces")
                  + " already, as many as tracery.translation.max-streams allows; try again",
              List.of(RefusalReader.RETRY_SOON))
          .toException();
    }
    try {
      await(workers.submit(translation::run));
    } finally {
      free.release();
    }
  }

  private static void await(Future<?> work) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          work.get();
          return;
        } catch (InterruptedException _) {
          // Why: the work ends with the call, and its place is free only then.
          interrupted = true;
        } catch (java.util.concurrent.ExecutionException e) {
          throw rethrown(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException rethrown(@Nullable Throwable cause) {
    return switch (cause) {
      case null -> new IllegalStateException("a translation failed without a cause");
      case RuntimeException e -> e;
      case Error e -> throw e;
      default -> new IllegalStateException(cause);
    };
  }

  @Override
  public void close() {
    workers.shutdown();
  }
}
