package dev.tracery.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreChoiceTest {

  private static final Path REGISTRY = Path.of("/b/registry-0.1.0-SNAPSHOT.jar");
  private static final Path SQLITE = Path.of("/b/store-sqlite-0.1.0-SNAPSHOT.jar");
  private static final Path POSTGRES = Path.of("/b/store-postgres-0.1.0.jar");
  private static final List<Path> BUNDLES = List.of(REGISTRY, POSTGRES, SQLITE);

  private static StoreChoice of(String url) {
    return StoreChoice.of(Map.of("tracery.store.url", url), BUNDLES);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "sqlite"})
  void startsTheEmbeddedStoreOnlyWhereNothingElseIsSaid(String url) {
    assertEquals(List.of(REGISTRY, SQLITE), of(url).select(BUNDLES));
    assertTrue(of(url).isEmbedded());
  }

  @ParameterizedTest
  @ValueSource(strings = {"postgres://t@db/t", "postgresql://a:1,b:2/t?sslmode=require"})
  void startsTheStoreThatTheSchemeNames(String url) {
    assertEquals(List.of(REGISTRY, POSTGRES), of(url).select(BUNDLES));
    assertFalse(of(url).isEmbedded());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          mysql://root:secret@db/t | , and 'mysql://...' is neither
          sqlite:///srv/x.db       | , and 'sqlite://...' is neither
          postgres                 | , and what was given is neither
          postgres://              | , and what was given is neither
          db:5432/secret           | , and what was given is neither
          """)
  void refusesWhatIsNotThereAndRepeatsNoSecret(String url, String message) {
    var refusal = assertThrows(LaunchException.class, () -> of(url));

    assertEquals(
        "the store is postgres://... or sqlite" + message + " (see tracery serve --help)",
        refusal.getMessage());
    assertEquals(2, refusal.exitStatus());
  }
}
