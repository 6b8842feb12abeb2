package dev.tracery.grpc.wire;

import dev.tracery.registry.Registry;
import dev.tracery.v1.GetSchemaResponse;

/// A schema version for the wire.
public final class SchemaWriter {

  private SchemaWriter() {}

  /// The parts of `schema` that there are.
  public static GetSchemaResponse write(Registry.Schema schema) {
    GetSchemaResponse.Builder out =
        GetSchemaResponse.newBuilder()
            .setEvent(schema.event().toString())
            .setVersion(schema.version())
            .setMessageName(schema.messageName())
            .setRevision(schema.revision());
    schema.descriptorSet().ifPresent(out::setDescriptorSet);
    schema.proto().ifPresent(out::setProto);
    schema.decodePlan().ifPresent(out::setDecodePlan);
    schema.layout().ifPresent(out::setLayout);
    return out.build();
  }
}
