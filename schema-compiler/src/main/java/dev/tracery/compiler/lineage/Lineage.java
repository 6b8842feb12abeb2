package dev.tracery.compiler.lineage;

import dev.tracery.model.EventName;
import java.util.List;

/// All versions of one event's schema, version 1 first, at least one.
public record Lineage(List<SchemaVersion> versions) {

  public Lineage {
    versions = List.copyOf(versions);
    if (versions.isEmpty()) {
      throw new IllegalArgumentException("a lineage has at least one version");
    }
  }

  public EventName event() {
    return latest().event();
  }

  /// The version with the highest number.
  public SchemaVersion latest() {
    return versions.getLast();
  }
}
