package dev.tracery.launcher.dist;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import org.osgi.framework.Constants;

/// Which packages of the class path the framework exports to the bundles. Computed when the
/// distribution is built, because looking into every jar takes longer than starting the server.
public final class ExportedPackages {
  private static final Pattern VERSION_IN_NAME =
      Pattern.compile("-(\\d+)\\.(\\d+)(?:\\.(\\d+))?[^/]*\\.jar$");

  private ExportedPackages() {}

  /// A line for each package of `libraries`: `name;version="1.2.3"`, in the order of their names.
  /// The version is what the jar's own manifest exports the package with, or else the jar's.
  public static List<String> of(Collection<Path> libraries) throws IOException {
    var versions = new TreeMap<String, String>();
    for (Path library : libraries) {
      try (var jar = new JarFile(library.toFile())) {
        Map<String, String> exported = exportedBy(jar);
        Optional<String> jarVersion = versionInName(library);
        jar.stream()
            .map(entry -> entry.getRealName())
            .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF/"))
            .filter(name -> name.contains("/"))
            .map(name -> name.substring(0, name.lastIndexOf('/')).replace('/', '.'))
            .distinct()
            .forEach(name ->
                versions.putIfAbsent(name, exported.getOrDefault(name, jarVersion.orElse("0"))));
      }
    }
    return versions.entrySet().stream()
        .map(entry -> entry.getKey() + ";version=\"" + entry.getValue() + "\"")
        .toList();
  }

  private static Map<String, String> exportedBy(JarFile jar) throws IOException {
    Manifest manifest = jar.getManifest();
    String header =
        manifest == null ? null : manifest.getMainAttributes().getValue(Constants.EXPORT_PACKAGE);
    return header == null ? Map.of() : PackageHeader.versions(header);
  }

  private static Optional<String> versionInName(Path library) {
    var matcher = VERSION_IN_NAME.matcher(library.getFileName().toString());
    if (!matcher.find()) {
      return Optional.empty();
    }
    String micro = matcher.group(3) == null ? "0" : matcher.group(3);
    return Optional.of(matcher.group(1) + "." + matcher.group(2) + "." + micro);
  }
}
