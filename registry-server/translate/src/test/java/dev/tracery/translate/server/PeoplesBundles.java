package dev.tracery.translate.server;

import dev.tracery.translate.people.PeoplesActivator;
import dev.tracery.translate.people.PeoplesTranslator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// Makes jars.
final class PeoplesBundles {

  private PeoplesBundles() {}

  /// A bundle with a [PeoplesTranslator].
  static byte[] behaving(String name, String version, String behaviour) throws IOException {
    Manifest manifest = manifest(name, version);
    Attributes main = manifest.getMainAttributes();
    main.putValue("Bundle-Activator", PeoplesActivator.class.getName());
    main.putValue("Import-Package", "dev.tracery.translator,dev.tracery.model,org.osgi.framework");
    main.putValue("Test-Behaviour", behaviour);
    return jar(
        manifest,
        List.of(PeoplesActivator.class, PeoplesTranslator.class, PeoplesTranslator.Wordless.class));
  }

  /// A bundle with nothing in it.
  static byte[] empty(String name, String imports) throws IOException {
    Manifest manifest = manifest(name, "1.0");
    if (!imports.isEmpty()) {
      manifest.getMainAttributes().putValue("Import-Package", imports);
    }
    return jar(manifest, List.of());
  }

  /// A bundle whose first manifest, which frameworks do not take for one, gives it another name.
  static byte[] disguised(String name, String as) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes)) {
      jar.putNextEntry(new ZipEntry("META-INF/manifest.mf"));
      manifest(as, "1.0").write(jar);
      jar.closeEntry();
      jar.putNextEntry(new ZipEntry("META-INF/MANIFEST.MF"));
      manifest(name, "1.0").write(jar);
      jar.closeEntry();
    }
    return bytes.toByteArray();
  }

  private static Manifest manifest(String name, String version) {
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", name);
    main.putValue("Bundle-Version", version);
    return manifest;
  }

  private static byte[] jar(Manifest manifest, List<Class<?>> classes) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JarOutputStream jar = new JarOutputStream(bytes, manifest)) {
      for (Class<?> type : classes) {
        String path = type.getName().replace('.', '/') + ".class";
        jar.putNextEntry(new ZipEntry(path));
        try (InputStream in = type.getClassLoader().getResourceAsStream(path)) {
          Objects.requireNonNull(in).transferTo(jar);
        }
        jar.closeEntry();
      }
    }
    return bytes.toByteArray();
  }
}
