package dev.tracery.client.osgi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.client.FakeServer;
import dev.tracery.client.conformance.Vectors;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RunOutcome;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/// The client's bundle in a plain Felix, beside nothing but the two bundles that it needs. It reads
/// what Maven has packaged.
@Tag("packaged")
class BundleTest {

  private static final Path TARGET = Path.of("target");

  @TempDir Path folder;

  @Test
  void a_tool_in_a_bundle_negotiates_and_decodes() throws Exception {
    Framework framework =
        new FrameworkFactory()
            .newFramework(
                Map.of(
                    Constants.FRAMEWORK_STORAGE,
                    folder.resolve("felix").toString(),
                    "felix.service.urlhandlers",
                    "false"));
    framework.start();
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                NegotiationServiceGrpc.getNegotiateMethod(),
                _ ->
                    NegotiateResponse.newBuilder()
                        .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
                        .addEvents(Vectors.schedSwitch())
                        .build())
            .start()) {
      List<Bundle> bundles = new ArrayList<>();
      for (Path jar :
          List.of(
              TARGET.resolve("osgi/protobuf-java.jar"),
              TARGET.resolve("osgi/registry-api.jar"),
              clientJar(),
              toolJar())) {
        bundles.add(
            framework.getBundleContext().installBundle(jar.toAbsolutePath().toUri().toString()));
      }
      for (Bundle bundle : bundles) {
        bundle.start();
      }
      assertEquals("b:77 [S, D] 7 UNIMPLEMENTED", run(bundles.getLast(), server.address()));
      // What lies in the bundle is nobody else's.
      assertThrows(
          ClassNotFoundException.class, () -> bundles.getLast().loadClass("io.grpc.Channel"));
    } finally {
      framework.stop();
      framework.waitForStop(10_000);
    }
  }

  @SuppressWarnings("unchecked")
  private static String run(Bundle tool, String server) throws Exception {
    Object made =
        tool.loadClass(ToolInBundle.class.getName()).getDeclaredConstructor().newInstance();
    return ((Function<String, String>) made).apply(server);
  }

  private static Path clientJar() throws IOException {
    try (Stream<Path> files = Files.list(TARGET)) {
      return files
          .filter(file -> file.getFileName().toString().matches("client-.*-osgi\\.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException("the bundle is not packaged"));
    }
  }

  /// A bundle with one class.
  private Path toolJar() throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.putValue("Manifest-Version", "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", "tool");
    headers.putValue(
        "Import-Package",
        "dev.tracery.client,dev.tracery.client.decode,dev.tracery.client.negotiate,"
            + "dev.tracery.consumer,dev.tracery.model,com.google.rpc");
    String name = ToolInBundle.class.getName().replace('.', '/') + ".class";
    Path jar = folder.resolve("tool.jar");
    try (OutputStream file = Files.newOutputStream(jar);
        JarOutputStream out = new JarOutputStream(file, manifest);
        InputStream type = ToolInBundle.class.getResourceAsStream("/" + name)) {
      out.putNextEntry(new JarEntry(name));
      if (type != null) {
        type.transferTo(out);
      }
    }
    return jar;
  }
}
