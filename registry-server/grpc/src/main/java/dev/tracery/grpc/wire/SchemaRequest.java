package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.model.EventName;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.SchemaPart;
import java.util.EnumSet;
import java.util.Set;

/// Which schema, and what of it, is asked for.
///
/// @param event whose schema
/// @param selector which version
/// @param parts what of it, never empty
public record SchemaRequest(
    EventName event, SchemaSelector selector, Set<Registry.SchemaPart> parts) {

  /// What `wire` asks for.
  ///
  /// @throws io.grpc.StatusRuntimeException INVALID_ARGUMENT naming every field that is wrong
  public static SchemaRequest read(GetSchemaRequest wire) {
    Violations violations = new Violations();
    EventName event = RequestFields.event("event", wire.getEvent(), violations);
    SchemaSelector selector = selector(wire, violations);
    Set<Registry.SchemaPart> parts = parts(wire, violations);
    violations.check();
    return new SchemaRequest(event, selector, parts);
  }

  /// Whether the answer needs the layout's fields, which are not part of a schema.
  public static boolean asksForLayout(GetSchemaRequest wire) {
    return wire.getPartsList().contains(SchemaPart.SCHEMA_PART_DECODE_PLAN)
        || wire.getPartsList().contains(SchemaPart.SCHEMA_PART_LAYOUT);
  }

  private static SchemaSelector selector(GetSchemaRequest wire, Violations violations) {
    return switch (wire.getSelectorCase()) {
      case VERSION -> {
        if (wire.getVersion() <= 0) {
          violations.add(
              "version",
              "versions count from 1; leave the selector unset for the latest, instead of "
                  + Integer.toUnsignedString(wire.getVersion()));
        }
        yield new SchemaSelector.ByVersion(wire.getVersion());
      }
      case KERNEL ->
          new SchemaSelector.ByKernel(RequestFields.kernel("kernel", wire.getKernel(), violations));
      case LAYOUT_HASH ->
          new SchemaSelector.ByLayout(
              RequestFields.hash("layout_hash", wire.getLayoutHash(), violations));
      case SELECTOR_NOT_SET -> new SchemaSelector.Latest();
    };
  }

  private static Set<Registry.SchemaPart> parts(GetSchemaRequest wire, Violations violations) {
    EnumSet<Registry.SchemaPart> parts = EnumSet.noneOf(Registry.SchemaPart.class);
    boolean hasLayout = wire.hasKernel() || wire.hasLayoutHash();
    for (int i = 0; i < wire.getPartsCount(); i++) {
      SchemaPart part = wire.getParts(i);
      switch (part) {
        case SCHEMA_PART_DESCRIPTOR -> parts.add(Registry.SchemaPart.DESCRIPTOR);
        case SCHEMA_PART_IMPORTS -> parts.add(Registry.SchemaPart.IMPORTS);
        case SCHEMA_PART_PROTO -> parts.add(Registry.SchemaPart.PROTO);
        case SCHEMA_PART_DECODE_PLAN -> parts.add(Registry.SchemaPart.DECODE_PLAN);
        case SCHEMA_PART_LAYOUT -> parts.add(Registry.SchemaPart.LAYOUT);
        case SCHEMA_PART_UNSPECIFIED, UNRECOGNIZED ->
            violations.add(
                "parts[" + i + "]",
                "expected a SchemaPart from 1 to 5 but found " + wire.getPartsValue(i));
      }
      if (!hasLayout
          && (part == SchemaPart.SCHEMA_PART_DECODE_PLAN
              || part == SchemaPart.SCHEMA_PART_LAYOUT)) {
        violations.add(
            "parts[" + i + "]", part + " needs `kernel` or `layout_hash` as the selector");
      }
    }
    if (parts.isEmpty()) {
      parts.add(Registry.SchemaPart.DESCRIPTOR);
    }
    return parts;
  }
}
