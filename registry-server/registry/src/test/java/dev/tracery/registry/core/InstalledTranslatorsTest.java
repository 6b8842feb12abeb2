package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.Translators.Installed;
import dev.tracery.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Installed bundles in the log. Their jars are bytes like any others here.
class InstalledTranslatorsTest {

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final LogRegistry registry = open(new MemoryStore(disk));

  @Test
  void what_was_installed_is_there_by_name_with_its_jar() {
    registry.translators().install("b", "1.0", jar(1));
    registry.translators().install("a", "2.0", jar(2));
    assertEquals(List.of("a 2.0", "b 1.0"), names(registry, 0));
    assertArrayEquals(jar(1), registry.translators().jar(Sha256.of(jar(1))));
  }

  @Test
  void an_update_replaces_and_a_removal_takes_away_and_every_revision_stays_readable() {
    registry.translators().install("a", "1.0", jar(1));
    registry.translators().install("a", "2.0", jar(2));
    Installed removed = registry.translators().remove("a");
    assertEquals("2.0", removed.version());
    assertEquals(List.of("a 1.0"), names(registry, 1));
    assertEquals(List.of("a 2.0"), names(registry, 2));
    assertEquals(List.of(), names(registry, 3));
    assertEquals(
        List.of(
            List.of(new RegistryChange.TranslatorInstalled("a", "1.0")),
            List.of(new RegistryChange.TranslatorInstalled("a", "2.0")),
            List.of(new RegistryChange.TranslatorRemoved("a", "2.0"))),
        registry.changes(0, 10).stream().map(revision -> revision.changes()).toList());
  }

  @Test
  void the_same_jar_again_is_no_news() {
    Installed first = registry.translators().install("a", "1.0", jar(1));
    assertEquals(first, registry.translators().install("a", "1.0", jar(1)));
    assertEquals(1, registry.head());
  }

  @Test
  void a_name_that_nobody_has_cannot_be_removed() {
    RegistryException refused =
        assertThrows(RegistryException.class, () -> registry.translators().remove("a"));
    assertEquals(
        "NOT_FOUND translator a: no translator \"a\" is installed; `tracery translators` lists"
            + " those that are",
        refused.code() + " " + refused.subject() + ": " + refused.getMessage());
  }

  @Test
  void a_registry_that_is_opened_again_and_one_that_is_imported_have_the_same() throws IOException {
    TestKernel.of("6.1", "a/one: int x").registerIn(registry, "line");
    registry.translators().install("a", "1.0", jar(1));
    registry.translators().install("b", "1.0", jar(1));
    registry.translators().install("a", "2.0", jar(2));
    LogRegistry reopened = open(new MemoryStore(disk));
    assertEquals(registry.translators().installed(0), reopened.translators().installed(0));
    ByteArrayOutputStream export = new ByteArrayOutputStream();
    reopened.export(export, 0);
    LogRegistry imported = open(new MemoryStore());
    imported.importFrom(new ByteArrayInputStream(export.toByteArray()));
    assertEquals(registry.changes(0, 10), imported.changes(0, 10));
    assertArrayEquals(jar(2), imported.translators().jar(Sha256.of(jar(2))));
  }

  private static List<String> names(LogRegistry registry, long revision) {
    return registry.translators().installed(revision).stream()
        .map(bundle -> bundle.name() + " " + bundle.version())
        .toList();
  }

  private static byte[] jar(int content) {
    return new byte[] {'P', 'K', 3, 4, (byte) content};
  }

  private static LogRegistry open(MemoryStore store) {
    return new LogRegistry(store, RegistryLimits.DEFAULT, "test");
  }
}
