package dev.tracery.translate;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;

/// Gives each event the schema of its messages.
@FunctionalInterface
public interface SchemaSource {

  /// The version that a layout's records become.
  SchemaVersion schema(EventName event, Layout layout);
}
