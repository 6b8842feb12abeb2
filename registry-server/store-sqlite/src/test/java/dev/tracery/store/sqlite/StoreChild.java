package dev.tracery.store.sqlite;

import dev.tracery.model.Sha256;
import dev.tracery.store.Store.AppendResult;
import dev.tracery.store.Store.PendingCommit;
import dev.tracery.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/// The program that fault tests run in a process of its own, to kill it or to take its disk away.
/// It says on standard output what was acknowledged, a line at a time.
///
/// What commit number N holds follows from N, so that whoever opens the file later knows it.
final class StoreChild {

  static final int IMPORTED = 300;

  private StoreChild() {}

  /// @param args what to do (the name of a method below) and the store's file
  public static void main(String[] args) throws IOException {
    Path file = Path.of(args[1]);
    NativeLibrary.keepIn(file.resolveSibling("native"));
    try (SqliteStore store = new SqliteStore(file)) {
      switch (args[0]) {
        case "append" -> append(store);
        case "importAndAppend" -> importAndAppend(store);
        case "hold" -> hold();
        case "open" -> say("opened");
        case "fill" -> fill(store, file);
        default -> throw new IllegalArgumentException(args[0]);
      }
    } catch (StoreException e) {
      say(e.reason() + " " + e.getMessage());
    }
  }

  private static void append(SqliteStore store) {
    while (true) {
      long revision = store.head() + 1;
      store.append(revision - 1, entries(revision), blobs(revision));
      say("acknowledged " + revision);
    }
  }

  private static void importAndAppend(SqliteStore store) {
    if (store.head() == 0) {
      say("importing");
      AppendResult result =
          store.appendAll(() ->
              LongStream.rangeClosed(1, IMPORTED)
                  .mapToObj(r -> new PendingCommit(r, entries(r), blobs(r)))
                  .iterator());
      say("acknowledged " + ((AppendResult.Appended) result).revision());
    }
    append(store);
  }

  /// Appends until there is no room, then makes room and appends once more.
  private static void fill(SqliteStore store, Path file) throws IOException {
    Path ballast = file.resolveSibling("ballast");
    Files.write(ballast, new byte[1 << 20]);
    long acknowledged = 0;
    try {
      while (true) {
        acknowledged = appendNoise(store, acknowledged + 1);
      }
    } catch (StoreException e) {
      say(e.reason() + " " + e.getMessage());
    }
    Path other = file.resolveSibling("other.db");
    try (SqliteStore _ = new SqliteStore(other)) {
      say("made another store on a full disk");
    } catch (StoreException e) {
      say(e.reason() + " " + e.getMessage());
    }
    long unacknowledged = store.head() - acknowledged;
    boolean halfStored = store.blob(Sha256.of(noise(-acknowledged - 1))).isPresent();
    say("unacknowledged: %d, half stored: %s".formatted(unacknowledged, halfStored));
    Files.delete(ballast);
    acknowledged = appendNoise(store, acknowledged + 1);
    boolean intact =
        store.read(0, Integer.MAX_VALUE).stream()
            .allMatch(commit -> Arrays.equals(noise(commit.revision()), commit.entries()));
    say("one more: %s, intact: %s".formatted(store.head() == acknowledged, intact));
  }

  private static long appendNoise(SqliteStore store, long revision) {
    byte[] blob = noise(-revision);
    store.append(revision - 1, noise(revision), Map.of(Sha256.of(blob), blob));
    return revision;
  }

  private static byte[] noise(long seed) {
    byte[] noise = new byte[20_000];
    new Random(seed).nextBytes(noise);
    return noise;
  }

  private static void hold() throws IOException {
    say("holding");
    System.in.read();
  }

  /// Mostly small, sometimes as big as a first kernel's.
  static byte[] entries(long revision) {
    Random random = new Random(revision);
    byte[] entries = new byte[1 + random.nextInt(random.nextInt(40) == 0 ? 3 << 20 : 20_000)];
    random.nextBytes(entries);
    return entries;
  }

  /// Some of the commit's own, some of earlier commits'.
  static Map<Sha256, byte[]> blobs(long revision) {
    Random random = new Random(-revision);
    Map<Sha256, byte[]> blobs = new HashMap<>();
    for (int i = random.nextInt(20); i > 0; i--) {
      byte[] blob =
          "blob %d of a commit near %d %s"
              .formatted(i, revision / 3, "\tfield:int x;".repeat(i))
              .getBytes(StandardCharsets.UTF_8);
      blobs.put(Sha256.of(blob), blob);
    }
    return blobs;
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }
}
