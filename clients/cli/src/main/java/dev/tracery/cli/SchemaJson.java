package dev.tracery.cli;

import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.TextFormat;
import dev.tracery.v1.GetSchemaResponse;
import java.util.Base64;

/// A schema as JSON. Protobuf's JSON has no extensions, and a descriptor without its options has
/// lost the C types and symbols; so the descriptor set is given as it is, in Base64.
final class SchemaJson {

  private SchemaJson() {}

  static String line(GetSchemaResponse schema) {
    String line = Json.line(schema.toBuilder().clearDescriptorSet());
    if (!schema.hasDescriptorSet()) {
      return line;
    }
    String set = Base64.getEncoder().encodeToString(schema.getDescriptorSet().toByteArray());
    return line.substring(0, line.length() - 1) + ",\"descriptorSet\":\"" + set + "\"}";
  }

  /// In protobuf's text format.
  static String textFormat(FileDescriptorSet set) {
    return TextFormat.printer().printToString(DescriptorOptions.resolve(set));
  }
}
