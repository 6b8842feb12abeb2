package dev.tracery.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
  private final Path defaults;
  private final Path own;

  SettingsTest(@TempDir Path directory) {
    defaults = directory.resolve("tracery.properties");
    own = directory.resolve("own.properties");
  }

  @BeforeEach
  void writeDefaults() throws IOException {
    Files.writeString(defaults, "tracery.a = 1\ntracery.b = 2\ntracery.c = 3\n");
  }

  @Test
  void ownFileReplacesDefaultsAndSystemPropertiesReplaceBoth() throws IOException {
    Files.writeString(own, "tracery.b = 20\ntracery.c = 30\n");
    var system = new Properties();
    system.setProperty("tracery.c", "300");
    system.setProperty("tracery.d", "400");

    assertEquals(
        Map.of("tracery.a", "1", "tracery.b", "20", "tracery.c", "300"),
        Settings.read(defaults, Optional.of(own), system));
  }

  @Test
  void refusesASettingThatTheDefaultsDoNotHave() throws IOException {
    Files.writeString(own, "tracery.aa = 1\n");

    assertEquals(own + ": unknown setting 'tracery.aa'; see " + defaults, refusal());
  }

  @Test
  void refusesAFileThatIsNotThere() {
    assertEquals("there is no configuration file " + own, refusal());
  }

  private String refusal() {
    return String.valueOf(
        assertThrows(
                LaunchException.class,
                () -> Settings.read(defaults, Optional.of(own), new Properties()))
            .getMessage());
  }
}
