package dev.tracery.translate;

import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.v1.DecodePlan;

/// Gives each event the schema of its messages.
@FunctionalInterface
public interface SchemaSource {

  /// The version that a layout's records become.
  SchemaVersion schema(EventName event, Layout layout);

  /// How records of a layout become messages of what [#schema] answered for it: the event's filled
  /// fields are those of this plan.
  default DecodePlan plan(EventName event, Layout layout, SchemaVersion schema) {
    return new DecodePlanner().plan(layout, schema);
  }
}
