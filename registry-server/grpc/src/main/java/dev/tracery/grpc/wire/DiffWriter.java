package dev.tracery.grpc.wire;

import dev.tracery.registry.Registry;
import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasResponse;
import dev.tracery.v1.EventDiff;
import java.util.EnumMap;
import java.util.Map;

/// Differences for the wire.
public final class DiffWriter {

  private static final Map<Registry.ChangeKind, ChangeKind> KINDS =
      new EnumMap<>(Registry.ChangeKind.class);

  static {
    for (Registry.ChangeKind kind : Registry.ChangeKind.values()) {
      KINDS.put(kind, ChangeKind.valueOf("CHANGE_KIND_" + kind.name()));
    }
  }

  private DiffWriter() {}

  /// What differs between two kernels.
  public static DiffKernelsResponse write(Registry.KernelDiff diff) {
    DiffKernelsResponse.Builder out =
        DiffKernelsResponse.newBuilder()
            .setUnchanged(diff.unchanged())
            .setRevision(diff.revision());
    diff.events().forEach(event -> out.addEvents(write(event)));
    diff.commonChanges().forEach(change -> out.addCommonChanges(write(change)));
    return out.build();
  }

  /// What differs between two schema versions.
  public static DiffSchemasResponse writeVersions(Registry.EventDiff diff) {
    return DiffSchemasResponse.newBuilder()
        .setDiff(write(diff))
        .setRevision(diff.revision())
        .build();
  }

  private static EventDiff write(Registry.EventDiff diff) {
    EventDiff.Builder out =
        EventDiff.newBuilder()
            .setEvent(diff.event().toString())
            .setFromVersion(diff.fromVersion())
            .setToVersion(diff.toVersion());
    diff.changes().forEach(change -> out.addChanges(write(change)));
    return out.build();
  }

  static Change write(Registry.Change change) {
    return Change.newBuilder()
        .setKind(KINDS.getOrDefault(change.kind(), ChangeKind.CHANGE_KIND_UNSPECIFIED))
        .setField(change.field())
        .setOccurrence(change.occurrence())
        .setFrom(change.from())
        .setTo(change.to())
        .build();
  }
}
