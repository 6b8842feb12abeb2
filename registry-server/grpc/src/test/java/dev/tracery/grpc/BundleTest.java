package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import org.junit.jupiter.api.Test;

/// What the bundle needs of others, and shows them. A package that is new here must be exported by
/// the launcher too.
final class BundleTest {

  @Test
  void it_needs_these_packages_and_shows_none() throws IOException {
    Attributes manifest = manifest();
    assertEquals(
        List.of(
            "com.google.common.util.concurrent",
            "com.google.protobuf",
            "com.google.rpc",
            "io.grpc",
            "io.grpc.health.v1",
            "io.grpc.netty.shaded.io.grpc.netty",
            "io.grpc.protobuf",
            "io.grpc.protobuf.services",
            "io.grpc.reflection.v1",
            "io.grpc.reflection.v1alpha",
            "io.grpc.stub",
            "io.grpc.util",
            "javax.net.ssl",
            "org.osgi.framework"),
        Arrays.stream(manifest.getValue("Import-Package").replaceAll("\"[^\"]*\"", "").split(","))
            .map(clause -> clause.replaceAll(";.*", ""))
            .filter(name -> !name.startsWith("java."))
            .sorted()
            .toList());
    assertEquals("registry-api;bundle-version=\"[0.1,1)\"", manifest.getValue("Require-Bundle"));
    assertNull(manifest.getValue("Export-Package"));
  }

  private static Attributes manifest() throws IOException {
    try (InputStream in = Files.newInputStream(Path.of("target/classes/META-INF/MANIFEST.MF"))) {
      return new Manifest(in).getMainAttributes();
    }
  }
}
