package dev.tracery.registry.core;

import com.google.protobuf.TextFormat;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;

/// Tools that tests declare.
final class TestConsumers {

  private TestConsumers() {}

  /// A tool, its requirements written in protobuf's text format.
  static Consumer tool(String name, String version, String requirements) {
    dev.tracery.v1.Consumer.Builder wire =
        dev.tracery.v1.Consumer.newBuilder().setName(name).setVersion(version);
    try {
      TextFormat.merge(requirements, wire);
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(e);
    }
    ConsumerReader.Result result = ConsumerReader.read("consumer", wire.build());
    return result
        .consumer()
        .orElseThrow(() -> new IllegalArgumentException(result.problems().toString()));
  }

  /// A tool that finds these fields of an event by name.
  static Consumer byName(String name, String version, String event, String... fields) {
    return tool(name, version, need(event, fields));
  }

  /// A requirement of some fields by name.
  static String need(String event, String... fields) {
    StringBuilder text = new StringBuilder("requirements { any_of { access: ACCESS_CLASS_BY_NAME");
    text.append(" event: '").append(event).append("'");
    for (String field : fields) {
      text.append(" fields { names: '").append(field).append("' }");
    }
    return text.append(" } } ").toString();
  }
}
