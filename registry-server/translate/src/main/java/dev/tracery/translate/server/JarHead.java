package dev.tracery.translate.server;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.osgi.framework.Constants;
import org.osgi.framework.Version;

/// What a jar says of itself before any of its code runs.
///
/// @param name its symbolic name
record JarHead(String name, String version) {

  private static final int MAX_MANIFEST_BYTES = 1 << 20;

  /// Reads it.
  ///
  /// @throws RegistryException INVALID_ARGUMENT if the jar is no bundle
  static JarHead read(byte[] jar) {
    Attributes headers = headers(jar);
    String name = headers.getValue(Constants.BUNDLE_SYMBOLICNAME);
    if (name == null || name.isBlank()) {
      throw noBundle("its manifest has no " + Constants.BUNDLE_SYMBOLICNAME);
    }
    if (headers.getValue(Constants.FRAGMENT_HOST) != null) {
      throw noBundle("it is a fragment, which has no translators of its own");
    }
    String version = headers.getValue(Constants.BUNDLE_VERSION);
    try {
      return new JarHead(name.split(";", 2)[0].strip(), Version.parseVersion(version).toString());
    } catch (IllegalArgumentException e) {
      throw noBundle("its version is none: " + e.getMessage());
    }
  }

  private static Attributes headers(byte[] jar) {
    try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
      ZipEntry entry;
      while ((entry = zip.getNextEntry()) != null) {
        if (entry.getName().equalsIgnoreCase(JarFile.MANIFEST_NAME)) {
          byte[] manifest = zip.readNBytes(MAX_MANIFEST_BYTES);
          return new Manifest(new ByteArrayInputStream(manifest)).getMainAttributes();
        }
      }
    } catch (IOException | IllegalArgumentException e) {
      throw noBundle("it cannot be read: " + e.getMessage());
    }
    throw noBundle("it has no " + JarFile.MANIFEST_NAME);
  }

  private static RegistryException noBundle(String why) {
    return new RegistryException(
        Code.INVALID_ARGUMENT, "chunk", "what was sent is no OSGi bundle: " + why);
  }
}
