package dev.tracery.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.launcher.components.Hanging;
import dev.tracery.launcher.components.Listening;
import dev.tracery.launcher.components.Refusing;
import dev.tracery.launcher.components.Throwing;
import dev.tracery.launcher.dist.ExportedPackages;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RegistryFrameworkTest {
  private final Distribution distribution;

  RegistryFrameworkTest(@TempDir Path home) {
    distribution = new Distribution(home);
  }

  @BeforeEach
  void makeADistributionWithDeclarativeServicesOnly() throws IOException {
    Path bundles = Files.createDirectories(distribution.home().resolve("bundles"));
    Path lib = Files.createDirectories(distribution.home().resolve("lib"));
    for (Path jar : classPath()) {
      String name = jar.getFileName().toString();
      if (name.startsWith("org.apache.felix.scr-")) {
        Files.copy(jar, bundles.resolve(name));
      } else if (name.startsWith("org.osgi.")) {
        Files.copy(jar, lib.resolve(name));
      }
    }
    Files.write(distribution.exportedPackages(), ExportedPackages.of(distribution.libraries()));
  }

  private static Path[] classPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(Files::isRegularFile)
        .toArray(Path[]::new);
  }

  private String start(long timeoutSeconds) {
    Path cache = distribution.home().resolve("cache");
    try (var framework =
        RegistryFramework.create(distribution, Map.of("tracery.listen", "localhost:7411"), cache)) {
      return framework.awaitListening(distribution.bundles(), timeoutSeconds).address();
    }
  }

  private void add(ComponentBundle bundle) throws IOException {
    bundle.writeTo(distribution.home().resolve("bundles/test.jar"));
  }

  private String failureOfStart(long timeoutSeconds) {
    return String.valueOf(
        assertThrows(LaunchException.class, () -> start(timeoutSeconds)).getMessage());
  }

  @Test
  void answersWhereItListens() throws IOException {
    add(new ComponentBundle(Listening.class));

    assertEquals("localhost:7411", start(60));
  }

  @Test
  void saysWhyAComponentRefuses() throws IOException {
    add(new ComponentBundle(Refusing.class));

    assertEquals("localhost:7411 is in use; choose another with --listen", failureOfStart(60));
  }

  @Test
  void saysWhyAComponentCannotBeConstructed() throws IOException {
    add(new ComponentBundle(Throwing.class));

    assertEquals("registry.db is no database; restore it", failureOfStart(60));
  }

  @Test
  void namesTheServiceThatIsMissing() throws IOException {
    add(new ComponentBundle(Throwing.class).referring("dev.tracery.store.Store"));

    assertEquals(
        "a part of the registry is missing: Throwing waits for dev.tracery.store.Store",
        failureOfStart(2));
  }

  @Test
  void namesThePackageThatABundleCannotImport() throws IOException {
    add(new ComponentBundle(Listening.class).importing("org.example.missing"));

    String failure = failureOfStart(60);

    assertEquals(
        "the registry's bundles do not fit together: "
            + "dev.tracery.launcher.components.Listening cannot import org.example.missing;"
            + " build the distribution again",
        failure);
  }

  @Test
  void givesUpOnAComponentThatHangs() throws IOException {
    add(new ComponentBundle(Hanging.class));

    assertEquals(
        "the registry does not listen after 1 s; a larger tracery.start.timeout-seconds gives it"
            + " more time",
        failureOfStart(1));
  }
}
