package dev.tracery.compiler.lineage;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import java.util.Set;

/// Gives a layout its schema version: one that the lineage has, or a new one.
public final class LineageEvolver {

  /// The first version of an event that nobody has seen before.
  ///
  /// @param takenMessageNames full names of the messages of other events, which this one must not
  ///   take
  public Evolution begin(EventName event, Layout layout, Set<String> takenMessageNames) {
    throw new UnsupportedOperationException();
  }

  /// The version of `layout` in a lineage that there is.
  public Evolution evolve(Lineage lineage, Layout layout) {
    throw new UnsupportedOperationException();
  }
}
