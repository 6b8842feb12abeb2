package dev.tracery.translate.server;

import dev.tracery.compiler.emit.DecodePlanner;
import dev.tracery.compiler.emit.DescriptorReader;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Layouts;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.translate.SchemaSource;
import dev.tracery.v1.DecodePlan;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Gives events the registry's schemas: the version of the layout, or, where an installed bridge
/// fills a field of it, the version that has that field, too. For one stream; not thread-safe.
final class RegistrySchemas implements SchemaSource {

  private final Registry registry;
  private final DescriptorReader reader = new DescriptorReader();
  private final DecodePlanner planner = new DecodePlanner();
  private final Map<Key, SchemaVersion> versions = new HashMap<>();
  private final Map<Key, DecodePlan> bridged = new HashMap<>();

  private record Key(EventName event, Sha256 layout) {}

  RegistrySchemas(Registry registry) {
    this.registry = registry;
  }

  @Override
  public SchemaVersion schema(EventName event, Layout layout) {
    Sha256 hash = layout.hash();
    Optional<Layouts.Bridged> bridges = registry.layouts().bridged(event, hash);
    SchemaSelector selector =
        bridges
            .<SchemaSelector>map(by -> new SchemaSelector.ByVersion(by.schemaVersion()))
            .orElseGet(() -> new SchemaSelector.ByLayout(hash));
    SchemaVersion version = read(event, selector);
    versions.put(new Key(event, hash), version);
    bridges.ifPresent(
        by -> bridged.put(new Key(event, hash), planner.plan(layout, version, by.fields())));
    return version;
  }

  @Override
  public DecodePlan plan(EventName event, Layout layout, SchemaVersion schema) {
    DecodePlan filled = bridged.get(new Key(event, layout.hash()));
    return filled == null ? planner.plan(layout, schema) : filled;
  }

  private SchemaVersion read(EventName event, SchemaSelector selector) {
    Registry.Schema schema = registry.schema(event, selector, Set.of(SchemaPart.DESCRIPTOR), 0);
    return reader.read(schema.descriptorSet().orElseThrow().getFile(0));
  }

  /// What was answered for an event's layout.
  SchemaVersion known(EventName event, Sha256 layout) {
    SchemaVersion version = versions.get(new Key(event, layout));
    if (version == null) {
      throw new IllegalStateException("no schema was asked for " + event);
    }
    return version;
  }
}
