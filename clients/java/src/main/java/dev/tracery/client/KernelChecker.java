package dev.tracery.client;

import com.google.rpc.Code;
import dev.tracery.v1.CheckKernelHeader;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.CompatibilityServiceGrpc.CompatibilityServiceBlockingV2Stub;
import io.grpc.Deadline;
import io.grpc.StatusException;
import org.jspecify.annotations.Nullable;

/// Has a kernel judged: asks what of it the registry does not know, and sends only that.
record KernelChecker(
    CompatibilityServiceBlockingV2Stub stub, KernelQuestions questions, Deadline deadline) {

  CheckKernelResponse check(KernelCheck kernel) throws Servers.Silence {
    KernelChunks events = questions.chunks(kernel.events());
    return Writes.send(
        "a check stores nothing, and doing it again is safe", () -> send(kernel, events));
  }

  private CheckKernelResponse send(KernelCheck kernel, KernelChunks events)
      throws StatusException, InterruptedException {
    var call = stub.withDeadline(deadline).checkKernel();
    try {
      CheckKernelHeader header =
          CheckKernelHeader.newBuilder()
              .setIdentity(IdentityWriter.write(kernel.identity()))
              .setSeries(kernel.series())
              .build();
      if (call.write(CheckKernelRequest.newBuilder().setHeader(header).build())) {
        events.writeTo(
            chunk -> call.write(CheckKernelRequest.newBuilder().setEvents(chunk).build()));
        if (kernel.types().isPresent()) {
          new TypesChunks(kernel.types().get())
              .writeTo(
                  chunk -> call.write(CheckKernelRequest.newBuilder().setTypes(chunk).build()));
        }
      }
      call.halfClose();
      @Nullable CheckKernelResponse answer = call.read();
      if (answer == null) {
        throw new TraceryException(
            Code.INTERNAL, "the server ended the check without an answer", null);
      }
      return answer;
    } finally {
      // Why: without this a check that failed on our side would stay open until its deadline.
      call.cancel("check ended", null);
    }
  }
}
