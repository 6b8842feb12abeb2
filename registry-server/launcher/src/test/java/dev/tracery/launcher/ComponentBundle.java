package dev.tracery.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// Writes a bundle with one immediate component.
final class ComponentBundle {
  private final Class<?> component;
  private String imports = "org.osgi.framework";
  private String reference = "";

  ComponentBundle(Class<?> component) {
    this.component = component;
  }

  ComponentBundle importing(String packages) {
    imports += "," + packages;
    return this;
  }

  ComponentBundle referring(String service) {
    reference = "<reference name=\"other\" interface=\"" + service + "\" parameter=\"0\"/>";
    return this;
  }

  void writeTo(Path jar) throws IOException {
    var manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.putValue("Manifest-Version", "1.0");
    main.putValue("Bundle-ManifestVersion", "2");
    main.putValue("Bundle-SymbolicName", component.getName());
    main.putValue("Import-Package", imports);
    main.putValue("Service-Component", "OSGI-INF/component.xml");
    String classFile = component.getName().replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream bytes = component.getClassLoader().getResourceAsStream(classFile)) {
      out.putNextEntry(new JarEntry(classFile));
      if (bytes != null) {
        bytes.transferTo(out);
      }
      out.putNextEntry(new JarEntry("OSGI-INF/component.xml"));
      out.write(
          """
          <scr:component xmlns:scr="http://www.osgi.org/xmlns/scr/v1.4.0" name="%s" immediate="true"%s>
            <implementation class="%s"/>%s
          </scr:component>
          """
              .formatted(
                  component.getSimpleName(),
                  component.getConstructors()[0].getParameterCount() == 0 ? "" : " init=\"1\"",
                  component.getName(),
                  reference)
              .getBytes(StandardCharsets.UTF_8));
    }
  }
}
