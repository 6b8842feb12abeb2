package dev.tracery.grpc;

import com.google.protobuf.ByteString;
import dev.tracery.grpc.status.Violations;
import dev.tracery.grpc.stream.Doorbell;
import dev.tracery.grpc.wire.RequestFields;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.SystemNode;
import java.util.Optional;

/// Reads the events that one message of a stream carries.
///
/// @param doorbell of the call: one that has ended is not worked for
record EventsReader(KernelParts kernel, Doorbell doorbell) {

  /// Adds all of them, or refuses the message with everything that is wrong.
  void addAll(EventFormats formats) {
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
        doorbell.check();
        add(event, format, hash);
      }
    }
    for (int i = 0; i < formats.getSystemsCount(); i++) {
      add("events.systems[" + i + "]", formats.getSystems(i), violations);
    }
    violations.check();
  }

  private void add(String path, SystemNode node, Violations violations) {
    String system = RequestFields.name(path + ".system", node.getSystem(), violations);
    Sha256 hash = RequestFields.hash(path + ".hash", node.getHash(), violations);
    if (node.getFirstId() < 0) {
      violations.add(
          path + ".first_id",
          system + ": no event has the id " + Integer.toUnsignedString(node.getFirstId()));
    }
    if (violations.isEmpty()) {
      doorbell.check();
      kernel.addSystem(system, hash, node.getFirstId());
    }
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

  private void add(EventName event, EventFormat format, Optional<Sha256> hash) {
    if (hash.isPresent() && format.getText().isEmpty()) {
      kernel.add(event, format.getId(), hash.get());
    } else {
      kernel.add(event, format.getId(), event + "/format", format.getText().toByteArray(), hash);
    }
  }
}
