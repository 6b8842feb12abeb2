package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.EventDiff;
import dev.tracery.registry.Registry.KernelDiff;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.Registry.Schema;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The registry on the eight real kernels, a sibling and an earlier revision.
class RealKernelsTest {

  // Why: all schemas of all kernels, three times, take a minute.
  private static final int STRIDE = 17;

  private static final MemoryStore.Disk DISK = new MemoryStore.Disk();
  private static final List<RegistrationResult> RESULTS = new ArrayList<>();
  private static LogRegistry registry;
  private static Map<String, Object> afterThree = Map.of();

  @BeforeAll
  static void registerAll() {
    registry = open(DISK);
    for (TestKernel kernel : SampleKernels.all()) {
      RESULTS.add(kernel.registerIn(registry, "debian-" + kernel.identity().machine()));
      if (RESULTS.size() == 3) {
        afterThree = Answers.at(registry, 3, STRIDE);
      }
    }
  }

  private static LogRegistry open(MemoryStore.Disk disk) {
    return new LogRegistry(new MemoryStore(disk), RegistryLimits.DEFAULT, "test");
  }

  @Test
  void every_event_of_every_kernel_is_there_with_its_layout_and_id() {
    List<TestKernel> kernels = SampleKernels.all();
    for (int i = 0; i < kernels.size(); i++) {
      TestKernel kernel = kernels.get(i);
      List<KernelEvent> events =
          registry.events(RESULTS.get(i).kernel().id(), "", null, Integer.MAX_VALUE, 0);
      assertEquals(
          kernel.events().stream()
              .map(e -> e.name() + " " + e.id() + " " + e.hash(kernel.identity().target()))
              .sorted()
              .toList(),
          events.stream()
              .map(e -> e.event() + " " + e.id() + " " + e.layoutHash().orElseThrow())
              .sorted()
              .toList());
      assertEquals(
          events.stream().map(KernelEvent::event).sorted().toList(),
          events.stream().map(KernelEvent::event).toList());
    }
  }

  @Test
  void every_schema_of_every_kernel_links() throws DescriptorValidationException {
    for (RegistrationResult result : RESULTS) {
      for (KernelEvent event :
          registry.events(result.kernel().id(), "", null, Integer.MAX_VALUE, 0)) {
        Schema schema =
            registry.schema(
                event.event(),
                new SchemaSelector.ByKernel(result.kernel().id()),
                Set.of(SchemaPart.IMPORTS, SchemaPart.DECODE_PLAN, SchemaPart.LAYOUT),
                0);
        FileDescriptor file = link(schema.descriptorSet().orElseThrow());
        assertEquals(schema.messageName(), file.getMessageTypes().getFirst().getFullName());
        assertEquals(
            schema.layout().orElseThrow().getFieldsCount(),
            file.getMessageTypes().getFirst().getFields().size());
        assertEquals(event.schemaVersion(), schema.decodePlan().orElseThrow().getSchemaVersion());
      }
    }
  }

  @Test
  void an_earlier_revision_answers_what_it_answered_then() {
    assertEquals(afterThree, Answers.at(registry, 3, STRIDE));
  }

  @Test
  void a_replay_answers_what_the_living_registry_answers() {
    try (LogRegistry replayed = open(DISK)) {
      assertEquals(Answers.at(registry, 0, STRIDE), Answers.at(replayed, 0, STRIDE));
      assertEquals(registry.status(), replayed.status());
      assertEquals(registry.messageNames(), replayed.messageNames());
    }
  }

  @Test
  void an_import_of_an_export_answers_the_same_and_exports_the_same_bytes() throws IOException {
    byte[] export = export(registry, 0);
    try (LogRegistry imported = open(new MemoryStore.Disk())) {
      imported.importFrom(new ByteArrayInputStream(export));
      assertEquals(Answers.at(registry, 0, STRIDE), Answers.at(imported, 0, STRIDE));
      assertArrayEquals(export, export(imported, 0));
    }
  }

  @Test
  void an_export_of_an_earlier_revision_is_the_registry_as_it_was() throws IOException {
    try (LogRegistry imported = open(new MemoryStore.Disk())) {
      imported.importFrom(new ByteArrayInputStream(export(registry, 3)));
      assertEquals(afterThree.get("kernels"), imported.kernels("", 0, Integer.MAX_VALUE, 0));
      assertEquals(3, imported.head());
    }
  }

  @Test
  void a_sibling_whose_ids_are_shifted_costs_one_small_commit() {
    MemoryStore.Disk disk = new MemoryStore.Disk();
    MemoryStore store = new MemoryStore(disk);
    TestKernel kernel = SampleKernels.read(SampleKernels.AMD64_6_1);
    try (LogRegistry small = new LogRegistry(store, RegistryLimits.DEFAULT, "test")) {
      kernel.registerIn(small, "");
      long before = store.sizeInBytes();
      RegistrationResult sibling =
          kernel.shifted(3).withRelease("6.1.0-57-amd64").registerByHash(small, "");
      assertEquals(
          "true 0 0 4725 213",
          sibling.created()
              + " "
              + sibling.newLayouts()
              + " "
              + sibling.newSchemaVersions()
              + " "
              + sibling.kernel().eventCount()
              + " "
              + sibling.kernel().systemCount());
      long grown = store.sizeInBytes() - before;
      assertTrue(grown < 2_048, "grew by " + grown + " bytes");
      assertEquals(
          kernel.events().getFirst().id() + 3,
          small
              .events("6.1.0-57-amd64", kernel.events().getFirst().name().toString(), null, 1, 0)
              .getFirst()
              .id());
    }
  }

  @Test
  void registering_a_kernel_again_changes_nothing() {
    long head = registry.head();
    TestKernel kernel = SampleKernels.all().getFirst();
    RegistrationResult again =
        kernel.registerByHash(registry, "debian-" + kernel.identity().machine());
    assertFalse(again.created());
    assertEquals(RESULTS.getFirst().kernel(), again.kernel());
    assertEquals(head, registry.head());
  }

  @Test
  void the_sign_of_char_arrays_is_no_change_between_6_1_and_6_12() {
    KernelDiff diff =
        registry.diff(id(SampleKernels.AMD64_6_1), id(SampleKernels.AMD64_6_12), "sched/*", 0);
    Set<ChangeKind> kinds =
        diff.events().stream()
            .flatMap(event -> event.changes().stream())
            .map(Change::kind)
            .collect(Collectors.toSet());
    assertFalse(kinds.contains(ChangeKind.FIELD_SIGNEDNESS), kinds.toString());
    assertEquals(List.of(), diff.commonChanges());
  }

  @Test
  void each_event_of_two_kernels_is_added_removed_changed_or_unchanged() {
    KernelDiff diff =
        registry.diff(id(SampleKernels.AMD64_5_10), id(SampleKernels.AMD64_6_1), "", 0);
    Map<String, Integer> counts = new HashMap<>();
    diff.events()
        .forEach(event ->
            counts.merge(
                event.fromVersion() == 0 ? "added" : event.toVersion() == 0 ? "removed" : "changed",
                1,
                Integer::sum));
    // The corpus's README: in both 4147, only in the first 109, only in the second 578.
    assertEquals(578, counts.get("added"));
    assertEquals(109, counts.get("removed"));
    assertEquals(4147 - diff.unchanged(), counts.get("changed"));
    diff.events().forEach(event -> assertFalse(event.changes().isEmpty(), event.toString()));
  }

  @Test
  void every_kind_of_change_between_6_1_and_6_12() {
    KernelDiff diff =
        registry.diff(id(SampleKernels.AMD64_6_1), id(SampleKernels.AMD64_6_12), "", 0);
    Map<ChangeKind, Integer> counts = new EnumMap<>(ChangeKind.class);
    diff.events()
        .forEach(event ->
            event.changes().forEach(change -> counts.merge(change.kind(), 1, Integer::sum)));
    assertEquals(
        "{EVENT_ADDED=698, EVENT_REMOVED=63, FIELD_ADDED=487, FIELD_REMOVED=336, FIELD_MOVED=882,"
            + " FIELD_WIDENED=32, FIELD_NARROWED=2, FIELD_SIGNEDNESS=185, FIELD_KIND=4,"
            + " FIELD_LENGTH=3, FIELD_STORAGE=4, FIELD_SPELLING=11, FIELD_SYMBOLS=498,"
            + " FIELD_ORDER=3, PRINT_FORMAT=476, RECORD_SIZE=352, EVENT_RENAMED=19,"
            + " FIELD_RENAMED=77}",
        counts.toString());
    assertEquals(3841, diff.unchanged());
  }

  @Test
  void what_6_12_renamed_is_a_hint() {
    KernelDiff diff =
        registry.diff(id(SampleKernels.AMD64_6_1), id(SampleKernels.AMD64_6_12), "", 0);
    Map<String, String> renames = new TreeMap<>();
    for (EventDiff event : diff.events()) {
      for (Change change : event.changes()) {
        if (change.kind() == ChangeKind.EVENT_RENAMED) {
          renames.put(change.from(), change.to());
        }
      }
    }
    assertEquals("ext4/ext4_read_folio", renames.get("ext4/ext4_readpage"));
    assertEquals("ext4/ext4_release_folio", renames.get("ext4/ext4_releasepage"));
    assertEquals("io_uring/io_uring_submit_req", renames.get("io_uring/io_uring_submit_sqe"));
    assertEquals("mt792x/lp_event", renames.get("mt7921/lp_event"));
    assertEquals("xfs/xfs_btree_alloc_block", renames.get("xfs/xfs_rmapbt_alloc_block"));
    // A filter does not hide what a removed event may have become.
    assertEquals(
        List.of(
            new Change(ChangeKind.EVENT_REMOVED, "", 0, "mt7921/lp_event", ""),
            new Change(ChangeKind.EVENT_RENAMED, "", 0, "mt7921/lp_event", "mt792x/lp_event")),
        changes("mt7921/lp_event"));
  }

  @Test
  void a_changed_text_is_cut_to_what_changed() {
    assertEquals(
        List.of(
            new Change(
                ChangeKind.PRINT_FORMAT,
                "",
                0,
                "\" vruntime=%u [ns]\", (unsigned long long)REC->vruntime",
                "")),
        changes("sched/sched_stat_runtime").stream()
            .filter(change -> change.kind() == ChangeKind.PRINT_FORMAT)
            .toList());
    // Only a name of a value is new.
    assertEquals(
        List.of(new Change(ChangeKind.FIELD_SYMBOLS, "reason", 0, "", "9=damon")),
        changes("migrate/mm_migrate_pages_start"));
  }

  private List<Change> changes(String event) {
    return registry
        .diff(id(SampleKernels.AMD64_6_1), id(SampleKernels.AMD64_6_12), event, 0)
        .events()
        .getFirst()
        .changes();
  }

  @Test
  void word_size_and_byte_order_are_listed_once() {
    KernelDiff diff = registry.diff(id(SampleKernels.I386), id(SampleKernels.S390X), "sched/*", 0);
    assertEquals(
        List.of(
            new Change(ChangeKind.WORD_SIZE, "", 0, "32 bits", "64 bits"),
            new Change(ChangeKind.BYTE_ORDER, "", 0, "little", "big")),
        diff.commonChanges());
  }

  @Test
  void reflection_finds_every_message() throws DescriptorValidationException {
    List<String> names = registry.messageNames();
    assertEquals(registry.status().events(), names.size());
    assertTrue(names.contains("linux.sched.SchedSwitch"), "linux.sched.SchedSwitch");
    for (String name : names) {
      assertEquals(
          name,
          link(registry.fileContaining(name).orElseThrow())
              .getMessageTypes()
              .getFirst()
              .getFullName());
    }
    assertTrue(registry.fileContaining("linux.sched.Nothing").isEmpty());
  }

  private static String id(String sample) {
    TestKernel kernel = SampleKernels.read(sample);
    return registry.kernel(kernel.identity().release(), 0).id();
  }

  private static byte[] export(Registry from, long revision) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    from.export(out, revision);
    return out.toByteArray();
  }

  private static FileDescriptor link(FileDescriptorSet set) throws DescriptorValidationException {
    Map<String, FileDescriptor> linked = new HashMap<>();
    for (FileDescriptorProto file : set.getFileList()) {
      FileDescriptor built =
          FileDescriptor.buildFrom(
              file,
              file.getDependencyList().stream().map(linked::get).toArray(FileDescriptor[]::new));
      linked.put(file.getName(), built);
    }
    assertEquals(3, set.getFileCount());
    return Objects.requireNonNull(linked.get(set.getFile(2).getName()));
  }
}
