package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility;
import dev.tracery.registry.Registry;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.Waiver;
import java.time.Instant;

/// Waivers from and for the wire.
public final class WaiverFields {

  private static final String KIND = "CHANGE_KIND_";

  private WaiverFields() {}

  /// The waiver in `wire`. What its texts may hold is the registry's to check.
  public static Compatibility.Waiver read(String path, Waiver wire, Violations violations) {
    if (wire.getName().isEmpty()) {
      violations.add(path + ".name", "a waiver needs a name, by which reports speak of it");
    }
    if (wire.getReason().isBlank()) {
      violations.add(path + ".reason", "a waiver needs a reason: say why the break is accepted");
    }
    if (wire.getAuthor().isBlank()) {
      violations.add(path + ".author", "a waiver needs an author: say who accepts the break");
    }
    if (wire.getSeries().isEmpty()) {
      violations.add(path + ".series", "a waiver is for one series; name it");
    }
    EventName event = RequestFields.event(path + ".event", wire.getEvent(), violations);
    Registry.ChangeKind kind = WireConstants.read(Registry.ChangeKind.class, KIND, wire.getKind());
    if (kind == null && wire.getKindValue() != 0) {
      violations.add(
          path + ".kind", "expected a constant of ChangeKind but found " + wire.getKindValue());
    }
    return new Compatibility.Waiver(
        wire.getName(),
        wire.getReason(),
        wire.getAuthor(),
        wire.getSeries(),
        wire.getKernel(),
        wire.getConsumer(),
        event,
        wire.getField(),
        kind,
        Instant.EPOCH,
        0);
  }

  /// The message of `waiver`.
  public static Waiver write(Compatibility.Waiver waiver) {
    return Waiver.newBuilder()
        .setName(waiver.name())
        .setReason(waiver.reason())
        .setAuthor(waiver.author())
        .setSeries(waiver.series())
        .setKernel(waiver.kernel())
        .setConsumer(waiver.consumer())
        .setEvent(waiver.event().toString())
        .setField(waiver.field())
        .setKind(WireConstants.write(ChangeKind.class, KIND, waiver.kind()))
        .setCreateTime(KernelWriter.write(waiver.created()))
        .setRevision(waiver.revision())
        .build();
  }
}
