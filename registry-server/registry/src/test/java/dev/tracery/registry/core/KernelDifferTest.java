package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.EventChanges;
import dev.tracery.registry.diff.KernelChanges;
import dev.tracery.registry.diff.KernelChanges.OtherId;
import dev.tracery.registry.diff.KernelChanges.OtherIds;
import dev.tracery.registry.diff.LayoutDiff;
import dev.tracery.registry.diff.TypesDiff;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;

class KernelDifferTest {

  private final MemoryStore store = new MemoryStore();
  private final LogRegistry registry = new LogRegistry(store, RegistryLimits.DEFAULT, "test");

  @Test
  void all_that_a_judgement_needs() {
    KernelEntry from =
        registered(
            TestKernel.of("6.1", "a/same: int x", "a/moved_page: int x; int y", "b/one: int x"));
    KernelEntry to =
        registered(
            TestKernel.of("6.2", "a/moved_pages: int x; int y", "a/same: int x", "b/one: u64 x"));
    LayoutDiff widened =
        new LayoutDiff(
            List.of(),
            List.of(
                new Change(ChangeKind.FIELD_WIDENED, "x", 0, "int x (4 bytes)", "u64 x (8 bytes)"),
                new Change(
                    ChangeKind.FIELD_SIGNEDNESS, "x", 0, "int x (signed)", "u64 x (unsigned)"),
                new Change(ChangeKind.RECORD_SIZE, "", 0, "12 bytes", "16 bytes")),
            List.of(),
            Optional.empty());
    KernelChanges changes = differ().diff(from, to);
    assertEquals(
        List.of(
            new EventChanges(
                EventName.parse("a/moved_page"),
                1,
                0,
                List.of(
                    new Change(ChangeKind.EVENT_REMOVED, "", 0, "a/moved_page", ""),
                    new Change(ChangeKind.EVENT_RENAMED, "", 0, "a/moved_page", "a/moved_pages")),
                LayoutDiff.NONE),
            new EventChanges(
                EventName.parse("a/moved_pages"),
                0,
                1,
                List.of(new Change(ChangeKind.EVENT_ADDED, "", 0, "", "a/moved_pages")),
                LayoutDiff.NONE),
            new EventChanges(EventName.parse("b/one"), 1, 2, widened.own(), widened)),
        changes.events());
    assertEquals(1, changes.unchanged());
    assertEquals(
        new OtherIds(1, List.of(new OtherId(EventName.parse("a/same"), 100, 101))),
        changes.otherIds());
    assertEquals(List.of(), changes.common());
    assertEquals(TypesDiff.NONE, changes.types());
    assertEquals(
        Optional.of(widened), changes.of(EventName.parse("b/one")).map(EventChanges::layouts));
    assertEquals(Optional.empty(), changes.of(EventName.parse("a/same")));
  }

  @Test
  void a_kernel_that_is_not_registered() {
    KernelEntry from = registered(TestKernel.of("6.1", "a/one: int x"));
    // A copy of the log that knows the candidate: here, only its layouts are asked for.
    MemoryStore elsewhere = new MemoryStore();
    LogRegistry other = new LogRegistry(elsewhere, RegistryLimits.DEFAULT, "test");
    TestKernel candidate = TestKernel.of("6.2", "a/one: int x; int y");
    candidate.registerIn(other, "");
    KernelEntry to = entry(elsewhere, 1);
    Sha256 hash = to.layout(EventName.parse("a/one")).orElseThrow().hash();
    StoredLayouts layouts = layouts().with(Map.of(hash, elsewhere.blob(hash).orElseThrow()));
    assertEquals(
        List.of(
            new Change(ChangeKind.FIELD_ADDED, "y", 0, "", "int y"),
            new Change(ChangeKind.RECORD_SIZE, "", 0, "12 bytes", "16 bytes")),
        new KernelDiffer(layouts).diff(from, to).events().getFirst().changes());
  }

  @Test
  void layouts_that_were_compared_are_not_read_again() {
    KernelEntry from = registered(TestKernel.of("6.1", "a/one: int x"));
    KernelEntry to = registered(TestKernel.of("6.2", "a/one: int x; int y"));
    StoredLayouts layouts = layouts();
    KernelChanges first = new KernelDiffer(layouts).diff(from, to);
    store.close();
    assertEquals(first, new KernelDiffer(layouts).diff(from, to));
  }

  @Test
  void a_thread_that_is_interrupted_stops() {
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      before.add("a/e" + i + ": int x");
      after.add("a/e" + i + ": int x; int y");
    }
    KernelEntry from = registered(TestKernel.of("6.1", before.toArray(String[]::new)));
    KernelEntry to = registered(TestKernel.of("6.2", after.toArray(String[]::new)));
    Thread.currentThread().interrupt();
    try {
      assertThrows(CancellationException.class, () -> differ().diff(from, to));
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertEquals(100, differ().diff(from, to).events().size());
  }

  private KernelDiffer differ() {
    return new KernelDiffer(layouts());
  }

  private StoredLayouts layouts() {
    return new StoredLayouts(
        store, new FormatCompiler(RegistryLimits.ofStoredFormats()), new DiffCache(1 << 20));
  }

  private KernelEntry registered(TestKernel kernel) {
    kernel.registerIn(registry, "");
    return entry(store, (int) registry.head());
  }

  /// The kernel that this revision of a log registered.
  private static KernelEntry entry(Store log, int revision) {
    Index index = new Index();
    for (Store.Commit commit : log.read(0, revision)) {
      index.apply(CommitReader.read(index, commit));
    }
    return index.kernels("", revision - 1, 1, revision).getFirst();
  }
}
