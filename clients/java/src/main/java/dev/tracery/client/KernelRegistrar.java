package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.RegistryServiceGrpc.RegistryServiceBlockingV2Stub;
import io.grpc.Deadline;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

/// Registers a kernel: asks what of it the registry does not know, and sends only that.
final class KernelRegistrar {

  private final RegistryServiceBlockingV2Stub stub;
  private final KernelQuestions questions;
  private final Deadline deadline;

  KernelRegistrar(
      RegistryServiceBlockingV2Stub stub, KernelQuestions questions, Deadline deadline) {
    this.stub = stub;
    this.questions = questions;
    this.deadline = deadline;
  }

  RegisterKernelResponse register(Registration registration) throws Servers.Silence {
    KernelChunks events = questions.chunks(registration.events());
    String outcome =
        registration.validateOnly()
            ? "validating stores nothing"
            : "the kernel may or may not be registered";
    return Writes.send(outcome + ", and doing it again is safe", () -> send(registration, events));
  }

  private RegisterKernelResponse send(Registration registration, KernelChunks events)
      throws StatusException, InterruptedException {
    var call = stub.withDeadline(deadline).registerKernel();
    try {
      var header = RegisterKernelRequest.newBuilder().setHeader(header(registration)).build();
      if (call.write(header)) {
        events.writeTo(
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
