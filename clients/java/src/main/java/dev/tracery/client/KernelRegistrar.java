package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.model.Sha256;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import io.grpc.Deadline;
import io.grpc.StatusException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Registers a kernel: asks which layouts the registry does not know and sends the texts of only
/// those.
final class KernelRegistrar {

  private final RegistryServiceBlockingV2Stub stub;
  private final MissingLayouts layouts;
  private final Deadline deadline;

  KernelRegistrar(RegistryServiceBlockingV2Stub stub, MissingLayouts layouts, Deadline deadline) {
    this.stub = stub;
    this.layouts = layouts;
    this.deadline = deadline;
  }

  RegisterKernelResponse register(Registration registration) throws Servers.Silence {
    Set<Sha256> missing = layouts.of(registration.events());
    String outcome =
        registration.validateOnly()
            ? "validating stores nothing"
            : "the kernel may or may not be registered";
    return Writes.send(outcome + ", and doing it again is safe", () -> send(registration, missing));
  }

  private RegisterKernelResponse send(Registration registration, Set<Sha256> missing)
      throws StatusException, InterruptedException {
    var call = stub.withDeadline(deadline).registerKernel();
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
