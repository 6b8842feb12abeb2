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
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
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
      EventsReader reader = new EventsReader(KernelParts.of(registration), call.doorbell());
      int message = 1;
      RegisterKernelRequest request;
      while ((request = requests.next()) != null) {
        message++;
        reader.addAll(events(request, message));
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

  private static EventFormats events(RegisterKernelRequest request, int message) {
    Violations violations = new Violations();
    if (!request.hasEvents()) {
      violations.add(
          "events",
          "every message after the first must carry events, but message "
              + message
              + " carries "
              + (request.hasHeader() ? "a second header" : part(request)));
    }
    violations.check();
    return request.getEvents();
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
