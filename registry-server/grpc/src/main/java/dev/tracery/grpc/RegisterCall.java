package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Inbound;
import dev.tracery.grpc.stream.OutboundCall;
import dev.tracery.grpc.wire.IdentityReader;
import dev.tracery.grpc.wire.RegistrationWriter;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.grpc.wire.SeriesReader;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.v1.EventFormat;
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
      int message = 1;
      RegisterKernelRequest request;
      while ((request = requests.next()) != null) {
        message++;
        addAll(registration, events(request, message));
      }
      // Why here: a caller that has gone cannot be told of what is stored from now on.
      call.doorbell().check();
      call.send(RegistrationWriter.write(registration.finish(header.getValidateOnly())));
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

  private void addAll(Registration registration, EventFormats formats) {
    Violations violations = new Violations();
    for (int i = 0; i < formats.getEventsCount(); i++) {
      EventFormat format = formats.getEvents(i);
      String path = "events.events[" + i + "]";
      EventName event = RequestFields.event(path + ".event", format.getEvent(), violations);
      if (format.getId() < 0) {
        violations.add(
            path + ".id",
            event + ": no event has the id " + Integer.toUnsignedString(format.getId()));
      }
      Optional<Sha256> hash = hash(path, event, format, violations);
      if (violations.isEmpty()) {
        call.doorbell().check();
        add(registration, event, format, hash);
      }
    }
    violations.check();
  }

  private static Optional<Sha256> hash(
      String path, EventName event, EventFormat format, Violations violations) {
    ByteString bytes = format.getLayoutHash();
    if (!bytes.isEmpty()) {
      return Optional.of(RequestFields.hash(path + ".layout_hash", bytes, violations));
    }
    if (format.getText().isEmpty()) {
      violations.add(path + ".layout_hash", event + ": needed where `text` is empty");
    }
    return Optional.empty();
  }

  private static void add(
      Registration registration, EventName event, EventFormat format, Optional<Sha256> hash) {
    if (hash.isPresent() && format.getText().isEmpty()) {
      registration.add(event, format.getId(), hash.get());
    } else {
      registration.add(
          event, format.getId(), event + "/format", format.getText().toByteArray(), hash);
    }
  }
}
