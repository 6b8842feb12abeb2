package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.model.Sha256;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Registers a kernel: asks which layouts the registry does not know and sends the texts of only
/// those.
final class KernelRegistrar {

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
    Set<Sha256> missing = new MissingLayouts(stub, deadline).of(registration.events());
    try {
      return Calls.answer(() -> send(registration, missing));
    } catch (TraceryException e) {
      boolean isLost = e.isLost() && e.reason().isEmpty();
      throw isLost ? lost(e, registration.validateOnly()) : e;
    }
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
        Optional.empty(),
        failure);
  }

  private RegisterKernelResponse send(Registration registration, Set<Sha256> missing)
      throws StatusException, InterruptedException {
    var call =
        stub.withDeadlineAfter(transferDeadline.toMillis(), TimeUnit.MILLISECONDS).registerKernel();
    try {
      var header = RegisterKernelRequest.newBuilder().setHeader(header(registration)).build();
      if (call.write(header)) {
        new EventChunks(registration.events(), missing)
            .writeTo(
                chunk -> call.write(RegisterKernelRequest.newBuilder().setEvents(chunk).build()));
        if (registration.types().isPresent()) {
          new TypesChunks(registration.types().get())
              .writeTo(
                  chunk -> call.write(RegisterKernelRequest.newBuilder().setTypes(chunk).build()));
        }
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

  private static RegisterKernelHeader header(Registration registration) {
    return RegisterKernelHeader.newBuilder()
        .setIdentity(IdentityWriter.write(registration.identity()))
        .setSeries(registration.series().orElse(""))
        .setValidateOnly(registration.validateOnly())
        .build();
  }
}
