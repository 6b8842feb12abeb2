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
import dev.tracery.v1.EventReading;
import java.util.Optional;

/// How events are read, layout by layout, as bytes that are ready to be sent. What was made is
/// kept: a layout's plan never changes. Thread-safe.
final class EventReadings {

  private record Key(EventName event, Sha256 layout) {}

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
    Key key = new Key(layout.event().name(), layout.hash());
    Optional<Reading> known = made.get(key);
    if (known.isPresent()) {
      return known.get();
    }
    Reading reading = make(layout);
    made.put(key, reading);
    return reading;
  }

  static long weight(Reading reading) {
    return OVERHEAD + reading.message().size();
  }

  private Reading make(LayoutEntry layout) {
    SchemaVersion schema = SchemaCodec.read(layout.version());
    EventReading message =
        EventReading.newBuilder()
            .setEvent(layout.event().text())
            .setLayoutHash(ByteString.copyFrom(layout.hash().bytes()))
            .setSchemaVersion(schema.version())
            .setMessageName(schema.messageName())
            .setFile(descriptors.emit(schema))
            .setDecodePlan(planner.plan(stored.layout(layout.hash()), schema))
            .build();
    return new Reading(
        layout.event().name(), layout.hash(), schema.version(), message.toByteString());
  }
}
