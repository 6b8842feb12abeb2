package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.RegistryException;
import dev.tracery.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random registrations, good and bad: what the living registry answers at every revision, a replay
/// and an import answer too.
class RandomOperationsTest {

  private static final String[] TYPES = {"int", "u64", "long", "char[16]"};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void a_replay_and_an_import_answer_what_was_answered_at_every_revision(long seed)
      throws IOException {
    Random random = new Random(seed);
    MemoryStore.Disk disk = new MemoryStore.Disk();
    LogRegistry living = open(disk);
    Map<Long, Map<String, Object>> answered = new HashMap<>();
    for (int i = 0; i < 25; i++) {
      operate(random, living);
      answered.putIfAbsent(living.head(), living.head() == 0 ? Map.of() : answers(living));
    }
    LogRegistry replayed = open(disk);
    LogRegistry imported = open(new MemoryStore.Disk());
    saveSnapshot(disk, 1 + random.nextInt((int) living.head()));
    LogRegistry fromSnapshot = open(disk);
    ByteArrayOutputStream export = new ByteArrayOutputStream();
    living.export(export, 0);
    imported.importFrom(new ByteArrayInputStream(export.toByteArray()));
    assertTrue(fromSnapshot.status().snapshotRevision() > 0);
    assertEquals(living.stateHash(), replayed.stateHash());
    assertEquals(living.stateHash(), imported.stateHash());
    assertEquals(living.stateHash(), fromSnapshot.stateHash());
    for (long revision = 1; revision <= living.head(); revision++) {
      Map<String, Object> then = answered.get(revision);
      assertEquals(then, Answers.at(living, revision), "living at " + revision);
      assertEquals(then, Answers.at(replayed, revision), "replayed at " + revision);
      assertEquals(then, Answers.at(imported, revision), "imported at " + revision);
      assertEquals(then, Answers.at(fromSnapshot, revision), "from the snapshot at " + revision);
    }
  }

  private static Map<String, Object> answers(LogRegistry registry) {
    return Answers.at(registry, registry.head());
  }

  private static void operate(Random random, LogRegistry registry) {
    String series = random.nextInt(3) == 0 ? "" : "s" + random.nextInt(3);
    try {
      kernel(random).registerIn(registry, series, random.nextInt(5) == 0);
    } catch (RegistryException _) {
      // Why: some kernels are bad on purpose.
    }
  }

  private static TestKernel kernel(Random random) {
    List<String> events = new ArrayList<>();
    for (int e = 0; e < 6; e++) {
      if (random.nextInt(4) > 0) {
        StringBuilder fields = new StringBuilder();
        for (int f = 0; f < 3; f++) {
          if (random.nextInt(3) > 0) {
            String type = TYPES[random.nextInt(random.nextInt(3) == 0 ? 4 : 1)];
            fields.append(type.startsWith("char") ? "char f" + f + "[16];" : type + " f" + f + ";");
          }
        }
        events.add("s" + e % 2 + "/e" + e + ": " + fields);
      }
    }
    TestKernel kernel = TestKernel.of("r" + random.nextInt(4), events.toArray(String[]::new));
    return switch (random.nextInt(6)) {
      case 0 -> kernel.shifted(random.nextInt(50));
      case 1 ->
          kernel.withEvents(event ->
              new TestKernel.Event(
                  event.name(), event.id(), TestKernel.format("wrong", event.id(), "int x")));
      default -> kernel;
    };
  }

  private static void saveSnapshot(MemoryStore.Disk disk, long revision) {
    new Snapshots(new MemoryStore(disk), 1, "self").write(revision);
  }

  private static LogRegistry open(MemoryStore.Disk disk) {
    return new LogRegistry(new MemoryStore(disk), RegistryLimits.DEFAULT, "test");
  }
}
