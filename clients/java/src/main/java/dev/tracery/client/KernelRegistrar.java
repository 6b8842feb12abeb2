package dev.tracery.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import com.google.rpc.Code;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.FindMissingLayoutsRequest;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import dev.tracery.v1.WordSize;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Registers a kernel: asks which layouts the registry does not know and sends the texts of only
/// those.
final class KernelRegistrar {

  /// Well below the 4 MiB at which servers refuse a message by default.
  private static final int CHUNK_BYTES = 1 << 20;

  /// What [FindMissingLayoutsRequest] allows.
  private static final int MAX_HASHES = 65_536;

  private final RegistryServiceBlockingV2Stub stub;
  private final Duration deadline;
  private final Duration transferDeadline;

  KernelRegistrar(
      RegistryServiceBlockingV2Stub stub, Duration deadline, Duration transferDeadline) {
    this.stub = stub;
    this.deadline = deadline;
    this.transferDeadline = transferDeadline;
  }

  RegisterKernelResponse register(Registration registration) {
    Set<Sha256> missing = missing(registration.events());
    try {
      return Calls.answer(() -> send(registration, missing));
    } catch (TraceryException e) {
      throw isLost(e) ? lost(e, registration.validateOnly()) : e;
    }
  }

  /// Whether the server, which had answered before, went away, and did not refuse. A grpc-java
  /// server that is stopped resets its streams, which arrives as CANCELLED.
  private static boolean isLost(TraceryException failure) {
    return failure.reason().isEmpty()
        && (failure.code() == Code.UNAVAILABLE
            || (failure.code() == Code.CANCELLED && !Thread.currentThread().isInterrupted()));
  }

  private static TraceryException lost(TraceryException failure, boolean validateOnly) {
    return new TraceryException(
        failure.code(),
        TraceryException.CONNECTION_LOST,
        "the connection to the registry was lost ("
            + failure.getMessage()
            + "); "
            + (validateOnly
                ? "validating stores nothing"
                : "the kernel may or may not be registered")
            + ", and doing it again is safe",
        List.of(),
        List.of(),
        Optional.empty(),
        failure);
  }

  private Set<Sha256> missing(List<EventSource> events) {
    List<Sha256> hashes = events.stream().map(EventSource::layoutHash).distinct().toList();
    Set<Sha256> missing = new HashSet<>();
    for (int from = 0; from < hashes.size(); from += MAX_HASHES) {
      var request = FindMissingLayoutsRequest.newBuilder();
      hashes.subList(from, Math.min(hashes.size(), from + MAX_HASHES)).stream()
          .map(hash -> UnsafeByteOperations.unsafeWrap(hash.bytes()))
          .forEach(request::addLayoutHashes);
      Calls.answer(() ->
              stub.withDeadlineAfter(deadline.toMillis(), TimeUnit.MILLISECONDS)
                  .findMissingLayouts(request.build()))
          .getMissingList()
          .forEach(hash -> missing.add(Sha256.ofBytes(hash.toByteArray())));
    }
    return missing;
  }

  private RegisterKernelResponse send(Registration registration, Set<Sha256> missing)
      throws StatusException, InterruptedException {
    var call =
        stub.withDeadlineAfter(transferDeadline.toMillis(), TimeUnit.MILLISECONDS).registerKernel();
    try {
      if (write(call, RegisterKernelRequest.newBuilder().setHeader(header(registration)))) {
        writeEvents(call, registration.events(), missing);
      }
      call.halfClose();
      @Nullable RegisterKernelResponse answer = call.read();
      if (answer == null) {
        throw new TraceryException(
            Code.INTERNAL, "the server ended the registration without an answer", null);
      }
      return answer;
    } finally {
      // Why: without this a registration that failed on our side would stay open until its
      // deadline. After an answer it does nothing.
      call.cancel("registration ended", null);
    }
  }

  /// Sends until the server has heard enough: then its answer is waiting to be read.
  private static void writeEvents(
      BlockingClientCall<RegisterKernelRequest, RegisterKernelResponse> call,
      List<EventSource> events,
      Set<Sha256> missing)
      throws StatusException, InterruptedException {
    EventFormats.Builder chunk = EventFormats.newBuilder();
    int size = 0;
    Set<Sha256> unsent = new HashSet<>(missing);
    for (EventSource event : events) {
      EventFormat.Builder format =
          EventFormat.newBuilder()
              .setEvent(event.event().toString())
              .setId(event.id())
              .setLayoutHash(ByteString.copyFrom(event.layoutHash().bytes()));
      if (unsent.remove(event.layoutHash())) {
        format.setText(UnsafeByteOperations.unsafeWrap(event.text().get()));
      }
      EventFormat built = format.build();
      if (size > 0 && size + built.getSerializedSize() > CHUNK_BYTES) {
        if (!write(call, RegisterKernelRequest.newBuilder().setEvents(chunk))) {
          return;
        }
        chunk = EventFormats.newBuilder();
        size = 0;
      }
      chunk.addEvents(built);
      size += built.getSerializedSize() + 8;
    }
    if (size > 0) {
      write(call, RegisterKernelRequest.newBuilder().setEvents(chunk));
    }
  }

  private static boolean write(
      BlockingClientCall<RegisterKernelRequest, RegisterKernelResponse> call,
      RegisterKernelRequest.Builder request)
      throws StatusException, InterruptedException {
    return call.write(request.build());
  }

  private static RegisterKernelHeader header(Registration registration) {
    KernelIdentity identity = registration.identity();
    return RegisterKernelHeader.newBuilder()
        .setIdentity(
            dev.tracery.v1.KernelIdentity.newBuilder()
                .setRelease(identity.release())
                .setBuild(identity.build())
                .setMachine(identity.machine())
                .setWordSize(
                    switch (identity.target().wordSize()) {
                      case BITS_32 -> WordSize.WORD_SIZE_32;
                      case BITS_64 -> WordSize.WORD_SIZE_64;
                    })
                .setByteOrder(
                    switch (identity.target().byteOrder()) {
                      case LITTLE_ENDIAN -> ByteOrder.BYTE_ORDER_LITTLE_ENDIAN;
                      case BIG_ENDIAN -> ByteOrder.BYTE_ORDER_BIG_ENDIAN;
                    })
                .setPageSize(identity.pageSize()))
        .setSeries(registration.series().orElse(""))
        .setValidateOnly(registration.validateOnly())
        .build();
  }
}
