package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.TraceItemWriter;
import dev.tracery.v1.EventSchema;
import dev.tracery.v1.TraceFileSource;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateStart;
import dev.tracery.v1.TranslatorOrigin;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Traces through a whole server: the distribution, Felix, gRPC, the Java client.
@Timeout(300)
final class TranslationTest {

  private static final String BULLSEYE = "debian-bullseye-5.10.0-46-amd64";

  @TempDir Path home;

  @Test
  void the_server_translates_the_samples_as_the_library_does_without_it() throws Exception {
    for (String kernel : SampleKernel.ids()) {
      // Why a server for each: field numbers follow from what a registry was shown before.
      Path data = home.resolve(kernel);
      try (ServerProcess server = ServerProcess.start(data);
          TraceryClient client = client(server)) {
        Path file = trace(kernel);
        assertEquals(offline(file), online(client, file), kernel);
        assertEquals(List.of(), client.translators());
        try (var left = Files.list(data.resolve("translation"))) {
          assertEquals(List.of(), left.toList());
        }
      }
    }
  }

  @Test
  void the_bundle_of_a_registered_kernel_is_made_when_its_first_trace_comes() throws Exception {
    try (ServerProcess server = ServerProcess.start(home.resolve("data"));
        TraceryClient client = client(server)) {
      client.register(Registrations.of(SampleKernel.read(BULLSEYE)));
      Path file = trace(BULLSEYE);
      List<String> first = online(client, file);
      while (client.translators().isEmpty()) {
        Thread.sleep(20);
      }
      assertEquals(first, online(client, file));
      var made = client.translators().getFirst();
      assertEquals(TranslatorOrigin.TRANSLATOR_ORIGIN_GENERATED, made.getOrigin());
      assertEquals("5.10.0-46-amd64 x86_64", made.getRelease() + " " + made.getMachine());
      assertTrue(made.getTranslatedRecords() > 0);
    }
  }

  @Test
  void what_is_no_trace_is_refused_with_a_diagnostic() throws Exception {
    try (ServerProcess server = ServerProcess.start(home.resolve("data"));
        TraceryClient client = client(server)) {
      Path text = Files.writeString(home.resolve("text"), "no trace\n".repeat(100));
      TraceryException refused = assertThrows(TraceryException.class, () -> online(client, text));
      assertEquals("INVALID_ARGUMENT", refused.code().toString());
    }
  }

  private static TraceryClient client(ServerProcess server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }

  private static Path trace(String kernel) throws IOException {
    try (Stream<Path> files = Files.list(SampleKernel.SAMPLES.resolve(kernel).resolve("traces"))) {
      return files
          .filter(file -> file.toString().endsWith(".dat.zst"))
          .sorted()
          .findFirst()
          .orElseThrow();
    }
  }

  private static List<String> online(TraceryClient client, Path file) throws IOException {
    TranslateStart start =
        TranslateStart.newBuilder()
            .setFile(TraceFileSource.newBuilder().setName(file.getFileName().toString()))
            .build();
    Text text = new Text();
    try (TranslatedTrace trace = client.translate(start);
        InputStream in = Files.newInputStream(file)) {
      trace.sendFile(in);
      trace.forEachRemaining(text::add);
    }
    return text.lines;
  }

  private static List<String> offline(Path file) throws IOException {
    Text text = new Text();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
      TraceItemWriter writer =
          new TraceItemWriter(
              trace.content(),
              EventTypes.interpreted(trace.content()),
              (bytes, offset, length) ->
                  text.add(TraceItem.parser().parseFrom(bytes, offset, length)));
      try (var records = trace.records(RecordFilter.ALL)) {
        while (records.advance()) {
          writer.write(records);
        }
      }
      writer.end(trace.problems());
    }
    return text.lines;
  }

  /// Events with their messages' names, and how the trace ended.
  private static final class Text {
    final List<String> lines = new ArrayList<>();
    private final Map<Integer, EventSchema> schemas = new HashMap<>();

    void add(TraceItem item) {
      switch (item.getItemCase()) {
        case SCHEMA -> schemas.put(item.getSchema().getIndex(), item.getSchema());
        case EVENTS ->
            item.getEvents()
                .getEventsList()
                .forEach(event ->
                    lines.add(
                        Objects.requireNonNull(schemas.get(event.getSchema())).getMessageName()
                            + " "
                            + event.getTimestamp()
                            + " "
                            + event.getCpu()
                            + " "
                            + event.getPid()
                            + " "
                            + event.getMessage().hashCode()));
        case END -> lines.add(item.getEnd().toString());
        default -> {}
      }
    }
  }
}
