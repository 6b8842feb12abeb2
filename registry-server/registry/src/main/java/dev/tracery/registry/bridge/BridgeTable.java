package dev.tracery.registry.bridge;

import dev.tracery.model.EventName;
import dev.tracery.translator.BridgedField;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What the installed bridges fill, at one time.
///
/// @param generation another one whenever a bridge came or went
/// @param fields by event, the field of the highest ranking first
public record BridgeTable(long generation, Map<EventName, List<Entry>> fields) {

  /// No bridges.
  public static final BridgeTable EMPTY = new BridgeTable(0, Map.of());

  /// A field that a bundle fills.
  ///
  /// @param bundle its symbolic name
  public record Entry(BridgedField field, String bundle) {}

  /// What these bridges fill.
  ///
  /// @param entries the highest ranking first
  static BridgeTable of(long generation, List<Entry> entries) {
    Map<EventName, List<Entry>> fields = new HashMap<>();
    for (Entry entry : entries) {
      fields.computeIfAbsent(entry.field.event(), _ -> new ArrayList<>()).add(entry);
    }
    fields.replaceAll((_, list) -> List.copyOf(list));
    return new BridgeTable(generation, Map.copyOf(fields));
  }

  /// What they fill of an event, the highest ranking first; it may not fit every layout.
  public List<Entry> of(EventName event) {
    return fields.getOrDefault(event, List.of());
  }
}
