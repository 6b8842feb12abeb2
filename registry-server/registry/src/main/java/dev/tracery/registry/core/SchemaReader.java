package dev.tracery.registry.core;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorEmitter;
import dev.tracery.compiler.emit.ProtoEmitter;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Schema;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.index.EventEntry;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.index.VersionEntry;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Layout;
import dev.tracery.v1.OptionsProto;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Makes the parts of a schema version, and keeps what was made: a version never changes.
/// Thread-safe.
final class SchemaReader {

  /// What an answer is made of, whatever the revision that is read.
  private record Key(
      EventEntry event, int version, Set<SchemaPart> parts, @Nullable Sha256 layout) {}

  // Why: what the objects of an answer take beside their bytes.
  private static final int OVERHEAD = 512;

  private static final FileDescriptorProto DESCRIPTOR_PROTO =
      DescriptorProtos.getDescriptor().toProto();
  private static final FileDescriptorProto OPTIONS_PROTO = OptionsProto.getDescriptor().toProto();

  private final StoredLayouts stored;
  private final DescriptorEmitter descriptors = new DescriptorEmitter();
  private final ProtoEmitter protos = new ProtoEmitter();
  private final DecodePlanner planner = new DecodePlanner();
  private final RecentlyUsed<Key, Schema> made;

  SchemaReader(StoredLayouts stored, long cacheBytes) {
    this.stored = stored;
    this.made = new RecentlyUsed<>(cacheBytes, SchemaReader::weight);
  }

  /// The parts of a version.
  ///
  /// @param layout whose layout and decode plan are asked for; null if neither is
  Schema read(
      VersionEntry version, @Nullable LayoutEntry layout, Set<SchemaPart> parts, long revision) {
    Key key =
        new Key(version.event(), version.number(), parts, layout == null ? null : layout.hash());
    Optional<Schema> known = made.get(key);
    if (known.isPresent()) {
      return at(known.get(), revision);
    }
    Schema schema = make(version, layout, parts, revision);
    made.put(new Key(key.event, key.version, Set.copyOf(parts), key.layout), schema);
    return schema;
  }

  private Schema make(
      VersionEntry version, @Nullable LayoutEntry layout, Set<SchemaPart> parts, long revision) {
    SchemaVersion schema = SchemaCodec.read(version);
    Set<SchemaPart> wanted = EnumSet.noneOf(SchemaPart.class);
    wanted.addAll(parts);
    Optional<FileDescriptorSet> descriptorSet = Optional.empty();
    if (wanted.contains(SchemaPart.DESCRIPTOR) || wanted.contains(SchemaPart.IMPORTS)) {
      FileDescriptorSet.Builder set = FileDescriptorSet.newBuilder();
      if (wanted.contains(SchemaPart.IMPORTS)) {
        set.addFile(DESCRIPTOR_PROTO).addFile(OPTIONS_PROTO);
      }
      descriptorSet = Optional.of(set.addFile(descriptors.emit(schema)).build());
    }
    Optional<DecodePlan> plan = Optional.empty();
    Optional<Layout> wireLayout = Optional.empty();
    if (layout != null) {
      var compiled = stored.layout(layout.hash());
      plan =
          wanted.contains(SchemaPart.DECODE_PLAN)
              ? Optional.of(planner.plan(compiled, schema))
              : plan;
      wireLayout =
          wanted.contains(SchemaPart.LAYOUT) ? Optional.of(WireLayouts.of(compiled)) : wireLayout;
    }
    return new Schema(
        schema.event(),
        schema.version(),
        schema.messageName(),
        descriptorSet,
        wanted.contains(SchemaPart.PROTO) ? Optional.of(protos.emit(schema)) : Optional.empty(),
        plan,
        wireLayout,
        revision);
  }

  private static Schema at(Schema schema, long revision) {
    return schema.revision() == revision
        ? schema
        : new Schema(
            schema.event(),
            schema.version(),
            schema.messageName(),
            schema.descriptorSet(),
            schema.proto(),
            schema.decodePlan(),
            schema.layout(),
            revision);
  }

  private static long weight(Schema schema) {
    return OVERHEAD
        + schema.descriptorSet().map(FileDescriptorSet::getSerializedSize).orElse(0)
        + schema.proto().map(String::length).orElse(0)
        + schema.decodePlan().map(DecodePlan::getSerializedSize).orElse(0)
        + schema.layout().map(Layout::getSerializedSize).orElse(0);
  }
}
