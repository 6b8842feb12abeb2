package dev.tracery.grpc;

import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.IdentityReader;
import dev.tracery.grpc.wire.RegistrationWriter;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.RegistryException;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import io.grpc.StatusRuntimeException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One registration, from its header to its answer. Whatever ends the stream early drops it.
record RegisterCall(
    CurrentRegistry current,
    Inbound<RegisterKernelRequest> requests,
    OutboundCall<RegisterKernelResponse> call) {

  void run() {
    RegisterKernelHeader header = header(requests.next());
    Violations violations = new Violations();
    Optional<String> series = SeriesReader.read("header.series", header.getSeries(), violations);
    violations.check();
    KernelIdentity identity = IdentityReader.read("header.identity", header.getIdentity());
    try (Registration registration = current.get().register(identity, series)) {
      KernelParts parts = KernelParts.of(registration);
      EventsReader reader = new EventsReader(parts, call.doorbell());
      int message = 1;
      RegisterKernelRequest request;
      while ((request = requests.next()) != null) {
        message++;
        switch (request.getPartCase()) {
          case EVENTS -> reader.addAll(request.getEvents());
          case TYPES -> parts.addTypes(request.getTypes());
          case HEADER, PART_NOT_SET -> throw misplaced(request, message);
        }
      }
      // Why here: a caller that has gone cannot be told of what is stored from now on.
      call.doorbell().check();
      call.send(RegistrationWriter.write(finish(registration, header.getValidateOnly())));
    }
  }

  private static RegistrationResult finish(Registration registration, boolean validateOnly) {
    try {
      return registration.finish(validateOnly);
    } catch (RegistryException e) {
      throw BrokenSeries.refusal(e).orElseThrow(() -> e);
    }
  }

  private static RegisterKernelHeader header(@Nullable RegisterKernelRequest first) {
    Violations violations = new Violations();
    if (first == null) {
      violations.add("header", "the stream ended without one; send the header first, then events");
    } else if (!first.hasHeader()) {
      violations.add("header", "the first message must carry it, but carries " + part(first));
    }
    violations.check();
    return first == null ? RegisterKernelHeader.getDefaultInstance() : first.getHeader();
  }

  private static StatusRuntimeException misplaced(RegisterKernelRequest request, int message) {
    Violations violations = new Violations();
    violations.add(
        "events",
        "every message after the first must carry events or types, but message "
            + message
            + " carries "
            + (request.hasHeader() ? "a second header" : part(request)));
    return violations.refusal();
  }

  private static String part(RegisterKernelRequest request) {
    return switch (request.getPartCase()) {
      case HEADER -> "a header";
      case EVENTS -> "events";
      case TYPES -> "types";
      case PART_NOT_SET -> "nothing";
    };
  }
}
