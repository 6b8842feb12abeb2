package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Negotiation.Reading;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.translator.BridgedField;
import dev.tracery.v1.EventReading;
import java.util.List;

/// How events are read, layout by layout, as bytes that are ready to be sent. What was made is
/// kept: a layout's plan never changes. Thread-safe.
final class EventReadings {

  /// @param version the schema's
  /// @param bridges what fills fields that the layout does not have
  private record Key(EventName event, Sha256 layout, int version, List<BridgedField> bridges) {}

  // Why: what the objects of a reading take beside its bytes.
  private static final int OVERHEAD = 256;

  private final StoredLayouts stored;
  private final DescriptorEmitter descriptors = new DescriptorEmitter();
  private final DecodePlanner planner = new DecodePlanner();
  private final RecentlyUsed<Key, Reading> made;

  EventReadings(StoredLayouts stored, long cacheBytes) {
    this.stored = stored;
    this.made = new RecentlyUsed<>(cacheBytes, EventReadings::weight);
  }

  /// How records of this layout are read. Reads the store if that was not asked for in a while.
  Reading of(LayoutEntry layout) {
    Key key = new Key(layout.event().name(), layout.hash(), layout.version().number(), List.of());
    return made.get(key).orElseGet(() -> made(key, SchemaCodec.read(layout.version())));
  }

  /// How they are read where bridges fill what the layout does not have.
  ///
  /// @param schema the version that has the fields that are filled, too
  Reading of(LayoutEntry layout, SchemaVersion schema, List<BridgedField> bridges) {
    Key key = new Key(layout.event().name(), layout.hash(), schema.version(), bridges);
    return made.get(key).orElseGet(() -> made(key, schema));
  }

  private Reading made(Key key, SchemaVersion schema) {
    Reading reading = make(key, schema);
    made.put(key, reading);
    return reading;
  }

  static long weight(Reading reading) {
    return OVERHEAD + reading.message().size();
  }

  private Reading make(Key key, SchemaVersion schema) {
    EventReading message =
        EventReading.newBuilder()
            .setEvent(key.event.toString())
            .setLayoutHash(ByteString.copyFrom(key.layout.bytes()))
            .setSchemaVersion(schema.version())
            .setMessageName(schema.messageName())
            .setFile(descriptors.emit(schema))
            .setDecodePlan(planner.plan(stored.layout(key.layout), schema, key.bridges))
            .build();
    return new Reading(key.event, key.layout, schema.version(), message.toByteString());
  }
}
