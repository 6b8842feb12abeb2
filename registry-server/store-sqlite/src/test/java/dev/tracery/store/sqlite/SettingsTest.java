package dev.tracery.store.sqlite;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;
import org.sqlite.util.LibraryLoaderUtil;

final class SettingsTest {

  @TempDir Path directory;

  private final List<Object> failures = new ArrayList<>();

  @AfterEach
  void letTheDriverDecideAgain() {
    System.clearProperty("org.sqlite.lib.path");
    System.clearProperty("org.sqlite.lib.name");
  }

  @Test
  void the_store_is_in_the_data_directory() {
    new SqliteStore(settings(Map.of("tracery.data", directory.toString()))).close();

    assertTrue(Files.exists(directory.resolve("registry.db")));
  }

  @Test
  void a_path_of_its_own_comes_first() {
    Path file = directory.resolve("other.db");
    new SqliteStore(settings(Map.of("tracery.data", "/no/such", "tracery.store.path", file + "")))
        .close();

    assertTrue(Files.exists(file));
  }

  @Test
  void without_a_path_the_message_says_what_to_set() {
    StoreException e =
        assertThrows(StoreException.class, () -> new SqliteStore(settings(Map.of())));

    assertEquals(Reason.UNUSABLE, e.reason());
    assertEquals(
        "nothing says where the store is: set tracery.store.path to its file", e.getMessage());
    assertEquals(List.of(String.valueOf(e.getMessage())), failures);
  }

  @Test
  void a_store_that_cannot_be_opened_is_said_to_the_launcher() throws IOException {
    Files.writeString(directory.resolve("registry.db"), "text");

    StoreException e =
        assertThrows(
            StoreException.class,
            () -> new SqliteStore(settings(Map.of("tracery.data", directory.toString()))));
    assertEquals(List.of(String.valueOf(e.getMessage())), failures);
  }

  @Test
  void the_native_library_is_kept_and_mended() throws IOException {
    new SqliteStore(settings(Map.of("tracery.data", directory.toString()))).close();
    Path library = directory.resolve("native").resolve(LibraryLoaderUtil.getNativeLibName());
    byte[] kept = Files.readAllBytes(library);
    assertEquals(library.getParent() + "", System.getProperty("org.sqlite.lib.path"));

    letTheDriverDecideAgain();
    Files.writeString(library, "damaged");
    new SqliteStore(settings(Map.of("tracery.data", directory.toString()))).close();

    assertTrue(kept.length > 100_000);
    assertArrayEquals(kept, Files.readAllBytes(library));
  }

  private BundleContext settings(Map<String, String> properties) {
    return (BundleContext)
        Proxy.newProxyInstance(
            SettingsTest.class.getClassLoader(),
            new Class<?>[] {BundleContext.class},
            (_, method, arguments) -> {
              if (method.getName().equals("registerService")) {
                failures.add(((Dictionary<?, ?>) arguments[2]).get("tracery.failure"));
                return null;
              }
              assertEquals("getProperty", method.getName());
              return properties.get((String) arguments[0]);
            });
  }
}
