package dev.tracery.it.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.it.Distribution;
import dev.tracery.launcher.dist.PackageHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// What our bundles may see, beside Java and OSGi, of each other and of the libraries. A new line
/// in this table is a decision about the architecture (ARCHITECTURE.md, "The parts").
final class BundleImportsTest {

  @Test
  void bundlesImportNoMoreThanThis() throws IOException {
    assertEquals(
        """
        grpc
          com.google.common.util.concurrent
          com.google.protobuf
          com.google.rpc
          io.grpc
          io.grpc.health.v1
          io.grpc.netty.shaded.io.grpc.netty
          io.grpc.protobuf
          io.grpc.protobuf.services
          io.grpc.reflection.v1
          io.grpc.reflection.v1alpha
          io.grpc.stub
          io.grpc.util
          javax.net.ssl
        metrics
          com.sun.net.httpserver
          dev.tracery.metrics
          dev.tracery.registry
          io.prometheus.metrics.expositionformats
          io.prometheus.metrics.model.snapshots
        registry
          com.google.protobuf
          dev.tracery.compiler
          dev.tracery.compiler.emit
          dev.tracery.compiler.input
          dev.tracery.compiler.layout
          dev.tracery.compiler.lineage
          dev.tracery.compiler.print
          dev.tracery.consumer
          dev.tracery.diagnostic
          dev.tracery.model
          dev.tracery.registry
          dev.tracery.store
          dev.tracery.translator
          dev.tracery.v1
        registry-api
          com.google.protobuf
        schema-compiler
          com.google.protobuf
          dev.tracery.diagnostic
          dev.tracery.model
          dev.tracery.translator
          dev.tracery.v1
          io.airlift.compress.v3.zstd
        store-postgres
          com.zaxxer.hikari
          dev.tracery.model
          dev.tracery.store
          dev.tracery.store.packing
          javax.net.ssl
          javax.sql
          org.postgresql
          org.postgresql.ds
        store-sqlite
          dev.tracery.model
          dev.tracery.store
          dev.tracery.store.packing
          org.sqlite
          org.sqlite.util
        translate
          com.google.protobuf
          dev.tracery.compiler.emit
          dev.tracery.compiler.input
          dev.tracery.compiler.layout
          dev.tracery.compiler.lineage
          dev.tracery.decode
          dev.tracery.diagnostic
          dev.tracery.model
          dev.tracery.registry
          dev.tracery.trace
          dev.tracery.translate
          dev.tracery.translation
          dev.tracery.translator
          dev.tracery.v1
        translation
          com.google.protobuf
          dev.tracery.compiler
          dev.tracery.compiler.emit
          dev.tracery.compiler.input
          dev.tracery.compiler.layout
          dev.tracery.compiler.lineage
          dev.tracery.compiler.print
          dev.tracery.decode
          dev.tracery.diagnostic
          dev.tracery.model
          dev.tracery.translator
          dev.tracery.v1
          io.airlift.compress.v3.zstd
        """,
        imports());
  }

  private static String imports() throws IOException {
    var lines = new StringBuilder();
    for (Path bundle : new dev.tracery.launcher.Distribution(Distribution.HOME).bundles()) {
      try (var jar = new JarFile(bundle.toFile())) {
        var headers = jar.getManifest().getMainAttributes();
        String name = headers.getValue("Bundle-SymbolicName");
        if (name.startsWith("org.")) {
          continue;
        }
        lines.append(name).append('\n');
        String imports = headers.getValue("Import-Package");
        String exports = headers.getValue("Export-Package");
        var packages = new TreeSet<String>();
        if (imports != null) {
          packages.addAll(PackageHeader.versions(imports).keySet());
        }
        if (exports != null) {
          packages.removeAll(PackageHeader.versions(exports).keySet());
        }
        packages.removeIf(imported -> imported.matches("java[.].*|org[.](osgi|jspecify)[.].*"));
        packages.forEach(imported -> lines.append("  ").append(imported).append('\n'));
      }
    }
    return lines.toString();
  }
}
