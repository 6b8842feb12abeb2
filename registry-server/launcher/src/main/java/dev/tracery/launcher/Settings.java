package dev.tracery.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// What `conf/tracery.properties` says, with what replaces it. Bundles read a setting as a
/// framework property of the same name.
final class Settings {
  private Settings() {}

  /// Reads the distribution's settings; `own` replaces some of them, and system properties replace
  /// both. The distribution's file lists every setting there is, so that a misspelt one is found.
  static Map<String, String> read(Path defaults, Optional<Path> own, Properties system) {
    var settings = new LinkedHashMap<>(load(defaults));
    if (own.isPresent()) {
      load(own.get())
          .forEach((name, value) -> {
            if (settings.replace(name, value) == null) {
              throw LaunchException.wrongUse(
                  own.get() + ": unknown setting '" + name + "'; see " + defaults);
            }
          });
    }
    settings.replaceAll((name, value) -> system.getProperty(name, value));
    return settings;
  }

  /// A setting that is a whole number from 1 on.
  static int positive(Map<String, String> settings, String name) {
    String value = settings.getOrDefault(name, "");
    if (!value.matches("[1-9][0-9]{0,8}")) {
      throw LaunchException.wrongUse(
          name + " = '" + value + "': expected a whole number from 1 on");
    }
    return Integer.parseInt(value);
  }

  private static Map<String, String> load(Path file) {
    var properties = new Properties();
    try (Reader reader = Files.newBufferedReader(file)) {
      properties.load(reader);
    } catch (NoSuchFileException e) {
      throw LaunchException.wrongUse("there is no configuration file " + file);
    } catch (MalformedInputException | IllegalArgumentException e) {
      throw LaunchException.wrongUse(
          "the configuration file " + file + " is damaged: " + e.getMessage());
    } catch (IOException e) {
      throw LaunchException.wrongUse("cannot read the configuration file: " + e);
    }
    var settings = new LinkedHashMap<String, String>();
    properties.stringPropertyNames().stream()
        .sorted()
        .forEach(name -> settings.put(name, properties.getProperty(name).strip()));
    return settings;
  }
}
