package dev.tracery.it;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/// The servers and files that `run integration` of the clients is told of.
final class ClientsServer implements AutoCloseable {

  /// The kernel whose tracefs and trace they get.
  private static final String KERNEL = "debian-trixie-6.12.117-amd64";

  private static final String SERIES = "debian-amd64";
  private static final Pattern GOLDEN_HEAD =
      Pattern.compile("(?m)^.{1,60}?-\\d+ +\\[\\d+\\] +\\d+\\.\\d+: [^ :\\n]+:");

  private final ServerProcess server;
  private final Map<String, String> environment = new HashMap<>();

  /// @param folder for the registry's data and the files
  ClientsServer(Path folder) throws IOException {
    server = ServerProcess.start(Files.createDirectories(folder.resolve("data")));
    SampleKernel kernel = SampleKernel.read(KERNEL);
    try (TraceryClient to = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      SharedRegistry.copyTo(to, folder.resolve("log"));
      Outcome.of(
              "register",
              "--server",
              server.address(),
              "--series",
              SERIES,
              SampleKernel.tar(KERNEL).toString())
          .fine();
    }
    Path tracing = folder.resolve("tracing");
    writeTracefs(kernel, tracing);
    Path traces = SampleKernel.SAMPLES.resolve(KERNEL).resolve("traces");
    Path trace = folder.resolve("net.dat");
    try (InputStream in =
        new io.airlift.compress.v3.zstd.ZstdInputStream(
            Files.newInputStream(traces.resolve("net.dat.zst")))) {
      Files.copy(in, trace);
    }
    long events =
        GOLDEN_HEAD
            .matcher(SwitchRecords.text(traces.resolve("net.raw.txt.zst")))
            .results()
            .count();
    environment.put("TRACERY_TEST_SERVER", server.address());
    environment.put("TRACERY_TEST_TLS_SERVER", SharedTlsRegistry.address());
    environment.put("TRACERY_TEST_CA", SharedTlsRegistry.ca().toString());
    environment.put("TRACERY_TEST_TOKEN", SharedTlsRegistry.token());
    environment.put("TRACERY_TEST_TRACEFS", tracing.toString());
    environment.put("TRACERY_TEST_IDENTITY", identity(kernel));
    environment.put("TRACERY_TEST_SERIES", SERIES);
    environment.put("TRACERY_TEST_TRACE", trace.toString());
    environment.put("TRACERY_TEST_TRACE_EVENTS", Long.toString(events));
  }

  String address() {
    return server.address();
  }

  Map<String, String> environment() {
    return Map.copyOf(environment);
  }

  /// A tracefs with all formats of a kernel.
  static void writeTracefs(SampleKernel kernel, Path tracing) throws IOException {
    for (var format : kernel.formats().entrySet()) {
      Path file = tracing.resolve("events").resolve(format.getKey().toString()).resolve("format");
      Files.createDirectories(file.getParent());
      Files.write(file, format.getValue());
    }
  }

  private static String identity(SampleKernel kernel) {
    com.google.gson.JsonObject identity = new com.google.gson.JsonObject();
    List<String> words = ClientScript.arguments(kernel);
    identity.addProperty("release", words.get(0));
    identity.addProperty("build", words.get(1));
    identity.addProperty("machine", words.get(2));
    identity.addProperty("bits", Integer.valueOf(words.get(3)));
    identity.addProperty("order", words.get(4));
    identity.addProperty("page_size", Integer.valueOf(words.get(5)));
    return identity.toString();
  }

  @Override
  public void close() {
    server.close();
  }
}
