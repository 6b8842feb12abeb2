package dev.tracery.cli.consumerfile;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The committed schema of consumer files.
final class ConsumerSchema {

  private static final Path FILE = Path.of("..", "..", "docs", "consumer.schema.json");

  private ConsumerSchema() {}

  /// What is wrong with a consumer file, by the schema.
  static List<String> problems(String yaml) throws IOException {
    JsonSchema schema =
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
            .getSchema(Files.readString(FILE));
    return schema.validate(yaml, InputFormat.YAML).stream()
        .map(ValidationMessage::getMessage)
        .toList();
  }
}
