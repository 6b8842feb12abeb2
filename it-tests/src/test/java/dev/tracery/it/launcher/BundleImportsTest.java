package dev.tracery.it.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.it.Distribution;
import dev.tracery.launcher.dist.PackageHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/// What our bundles may see of each other and of the libraries. A new line in this table is a
/// decision about the architecture (ARCHITECTURE.md, "Modules").
final class BundleImportsTest {

  @Test
  void bundlesImportNoMoreThanThis() throws IOException {
    assertEquals(
        """
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
        packages.removeIf(imported -> imported.startsWith("java."));
        packages.forEach(imported -> lines.append("  ").append(imported).append('\n'));
      }
    }
    return lines.toString();
  }
}
