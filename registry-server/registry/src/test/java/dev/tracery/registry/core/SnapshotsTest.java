package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.index.LogOfEverything;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.SnapshotHeader;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import dev.tracery.store.Store.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SnapshotsTest {

  private final MemoryStore.Disk disk = new MemoryStore.Disk();

  @Test
  void every_kind_of_entry_comes_back_from_a_snapshot_of_every_revision() {
    List<Commit> commits = LogOfEverything.commits();
    try (MemoryStore store = new MemoryStore(disk)) {
      for (int i = 0; i < commits.size(); i++) {
        store.append(i, commits.get(i).toByteArray(), Map.of());
      }
    }
    var expected = open(new MemoryStore(disk), 0).stateHash();
    assertEquals(commits.size(), expected.revision());
    for (int revision = 1; revision <= commits.size(); revision++) {
      new Snapshots(new MemoryStore(disk), 1, "self").write(revision);

      LogRegistry registry = open(new MemoryStore(disk), 0);

      assertEquals(revision, registry.status().snapshotRevision());
      assertEquals(expected, registry.stateHash());
      assertEquals(commits.size(), registry.changes(0, 1_000).size());
    }
  }

  @Test
  void real_kernels_come_back_with_all_that_they_answer() throws Exception {
    LogRegistry living = open(new MemoryStore(disk), 3);
    for (TestKernel kernel : SampleKernels.all()) {
      kernel.registerIn(living, "");
      kernel
          .shifted(3)
          .withRelease(kernel.identity().release() + "-next")
          .registerByHash(living, "");
    }
    eventuallyHasSnapshot(3);
    CountingStore store = new CountingStore(disk);

    LogRegistry registry = open(store, 0);

    assertTrue(store.commitsRead.get() < living.head(), "the snapshot was used");
    assertEquals(living.stateHash(), registry.stateHash());
    // Why only so few of the answers: what they are made of was compared.
    for (long revision : new long[] {1, 3}) {
      assertEquals(Answers.at(living, revision, 499), Answers.at(registry, revision, 499));
    }
  }

  @Test
  void a_snapshot_is_written_after_so_many_commits_and_again_when_the_log_has_grown()
      throws Exception {
    LogRegistry registry = open(new MemoryStore(disk), 3);
    register(registry, 1, 2);
    assertEquals(0, snapshotRevision());
    register(registry, 3, 3);
    eventuallyHasSnapshot(3);

    register(registry, 4, 6);

    eventuallyHasSnapshot(6);
  }

  @Test
  void an_import_is_followed_by_a_snapshot() throws Exception {
    LogRegistry source = open(new MemoryStore(), 0);
    register(source, 1, 5);
    ByteArrayOutputStream export = new ByteArrayOutputStream();
    source.export(export, 0);

    open(new MemoryStore(disk), 3).importFrom(new ByteArrayInputStream(export.toByteArray()));

    eventuallyHasSnapshot(5);
  }

  @Test
  void of_many_servers_one_writes() throws Exception {
    CountingStore[] stores = new CountingStore[3];
    List<LogRegistry> servers = new ArrayList<>();
    for (int i = 0; i < stores.length; i++) {
      stores[i] = new CountingStore(disk);
      servers.add(open(stores[i], 3));
      servers.get(i).announce("host:" + i);
    }
    register(servers.get(0), 1, 4);
    for (LogRegistry server : servers) {
      assertTrue(server.await(4, java.time.Duration.ofSeconds(30)));
    }
    eventuallyHasSnapshot(3);
    register(servers.get(1), 5, 5);
    for (LogRegistry server : servers) {
      assertTrue(server.await(5, java.time.Duration.ofSeconds(30)));
    }

    long writers = 0;
    for (CountingStore store : stores) {
      writers += Math.min(1, store.saved.get());
    }
    assertEquals(1, writers);
  }

  @Test
  void a_damaged_snapshot_is_left_and_the_log_is_read() throws Exception {
    LogRegistry living = open(new MemoryStore(disk), 0);
    register(living, 1, 4);
    new Snapshots(new MemoryStore(disk), 1, "self").write(3);
    disk.damageSnapshot();

    LogRegistry registry = open(new MemoryStore(disk), 2);

    assertEquals(living.stateHash(), registry.stateHash());
    eventuallyHasSnapshot(4);
    assertEquals(living.stateHash(), open(new MemoryStore(disk), 0).stateHash());
  }

  @ParameterizedTest
  @ValueSource(strings = {"format", "header", "part", "missing part", "short", "gap"})
  void a_snapshot_that_this_version_does_not_understand_is_left_and_the_log_is_read(String what)
      throws Exception {
    LogRegistry living = open(new MemoryStore(disk), 0);
    register(living, 1, 4);
    List<byte[]> parts = new ArrayList<>(parts(3));
    byte[] header =
        SnapshotHeader.newBuilder()
            .setFormat(what.equals("format") ? 99 : 1)
            .setRevision(4)
            .build()
            .toByteArray();
    parts.set(0, header);
    parts.set(1, parts(4).get(1));
    switch (what) {
      case "format" -> {}
      case "header" -> parts.set(0, new byte[] {-1, -1});
      case "part" -> parts.set(1, new byte[] {-1, -1});
      case "missing part" -> parts.remove(1);
      case "short" -> parts.set(1, parts(3).get(1));
      case "gap" -> parts.add(parts.get(1));
      default -> throw new AssertionError(what);
    }
    MemoryStore.Disk copy = copy();
    new MemoryStore(copy).save(new Snapshot(4, parts));

    LogRegistry registry = open(new MemoryStore(copy), 0);

    assertEquals(0, registry.status().snapshotRevision());
    assertEquals(living.stateHash(), registry.stateHash());
  }

  /// The parts of a snapshot of a revision.
  private List<byte[]> parts(long revision) {
    MemoryStore.Disk copy = copy();
    new Snapshots(new MemoryStore(copy), 1, "self").write(revision);
    return new MemoryStore(copy).snapshot().orElseThrow().parts();
  }

  private MemoryStore.Disk copy() {
    MemoryStore.Disk copy = new MemoryStore.Disk();
    List<Store.PendingCommit> commits =
        new MemoryStore(disk)
            .read(0, 1_000).stream()
                .map(commit ->
                    new Store.PendingCommit(commit.timeMillis(), commit.entries(), Map.of()))
                .toList();
    new MemoryStore(copy).appendAll(commits);
    return copy;
  }

  private long snapshotRevision() {
    return new MemoryStore(disk).snapshot().map(Snapshot::revision).orElse(0L);
  }

  private void eventuallyHasSnapshot(long atLeast) throws InterruptedException {
    while (snapshotRevision() < atLeast) {
      Thread.sleep(10);
    }
  }

  private static void register(LogRegistry registry, int from, int to) throws IOException {
    for (int i = from; i <= to; i++) {
      TestKernel.of("k" + i, "a/b: int x" + i % 3, "c/d: u64 y").registerIn(registry, "line");
    }
  }

  private static LogRegistry open(Store store, int snapshotCommits) {
    return LogRegistry.withSnapshots(store, snapshotCommits);
  }
}
