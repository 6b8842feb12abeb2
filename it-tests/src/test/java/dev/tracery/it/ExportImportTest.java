package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.SchemaPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A registry carried into another server by the commands `export` and `import`.
class ExportImportTest {

  @TempDir Path folder;

  @Test
  void the_second_server_answers_as_the_first() throws Exception {
    Path file = folder.resolve("registry.tracery");
    Outcome.of("export", "--server", SharedRegistry.address(), file.toString()).fine();
    try (ServerProcess second = ServerProcess.start(folder("second"))) {
      Outcome.of("import", "--server", second.address(), file.toString()).fine();
      try (TraceryClient one = SharedRegistry.client();
          TraceryClient other = TraceryClient.connect(second.address(), ClientOptions.defaults())) {
        assertEquals(answers(one), answers(other));
      }
      Path again = folder.resolve("again.tracery");
      Outcome.of("export", "--server", second.address(), again.toString()).fine();
      assertEquals(-1, Files.mismatch(file, again));
    }
  }

  @Test
  void a_damaged_export_leaves_the_registry_empty() throws Exception {
    Path file = folder.resolve("registry.tracery");
    Outcome.of("export", "--server", SharedRegistry.address(), file.toString()).fine();
    byte[] export = Files.readAllBytes(file);
    byte[] flipped = export.clone();
    flipped[flipped.length / 2] ^= 0x10;
    try (ServerProcess second = ServerProcess.start(folder("second"));
        TraceryClient client = TraceryClient.connect(second.address(), ClientOptions.defaults())) {
      for (byte[] damaged :
          List.of(Arrays.copyOf(export, export.length - 1), new byte[0], flipped)) {
        Files.write(file, damaged);
        Outcome refused = Outcome.of("import", "--server", second.address(), file.toString());
        assertEquals(2, refused.status(), refused.err());
        assertEquals(0, client.status().getRevision(), refused.err());
      }
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectory(folder.resolve(name));
  }

  /// Kernels, their events, and every lineage's latest schema.
  private static List<Object> answers(TraceryClient client) {
    List<Object> answers = new ArrayList<>();
    for (Kernel kernel : client.kernels("", 0)) {
      answers.add(kernel);
      client.events(kernel.getId(), "", 0).forEach(answers::add);
    }
    for (KernelEvent lineage : client.events("", "", 0)) {
      answers.add(schema(client, lineage));
    }
    return answers;
  }

  private static GetSchemaResponse schema(TraceryClient client, KernelEvent lineage) {
    return client.schema(
        GetSchemaRequest.newBuilder()
            .setEvent(lineage.getEvent())
            .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
            .addParts(SchemaPart.SCHEMA_PART_PROTO)
            .build());
  }
}
