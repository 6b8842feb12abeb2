package dev.tracery.client.integration;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import dev.tracery.client.negotiate.Tracefs;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.file.Path;

/// What `clients/README.md` says of the environment. A test without its variable is skipped.
final class TestEnvironment {

  private TestEnvironment() {}

  static String get(String variable) {
    String value = System.getenv(variable);
    assumeTrue(value != null && !value.isEmpty(), variable + " is not set");
    return String.valueOf(value);
  }

  static Tracefs tracefs() throws IOException {
    return Tracefs.of(Path.of(get("TRACERY_TEST_TRACEFS")), identity());
  }

  static KernelIdentity identity() throws InvalidProtocolBufferException {
    Struct.Builder json = Struct.newBuilder();
    JsonFormat.parser().merge(get("TRACERY_TEST_IDENTITY"), json);
    return new KernelIdentity(
        text(json, "release"),
        text(json, "build"),
        text(json, "machine"),
        Target.of(number(json, "bits"), text(json, "order")),
        number(json, "page_size"));
  }

  private static String text(Struct.Builder json, String name) {
    return json.getFieldsOrThrow(name).getStringValue();
  }

  private static int number(Struct.Builder json, String name) {
    return (int) json.getFieldsOrThrow(name).getNumberValue();
  }
}
