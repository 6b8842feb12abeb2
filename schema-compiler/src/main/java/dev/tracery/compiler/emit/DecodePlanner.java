package dev.tracery.compiler.emit;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.DecodePlan;

/// Says how the bytes of a layout become the fields of a schema version.
public final class DecodePlanner {

  /// The plan. Fields that the schema has and the layout has not stay unset.
  public DecodePlan plan(Layout layout, SchemaVersion schema) {
    throw new UnsupportedOperationException();
  }
}
