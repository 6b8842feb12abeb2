package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.EventDiff;
import dev.tracery.registry.Registry.KernelDiff;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.MemoryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What is read from a registry of three little kernels, and how it refuses.
class ReadsTest {

  private static final EventName ONE = EventName.parse("a/one");

  private final LogRegistry registry =
      new LogRegistry(new MemoryStore(), RegistryLimits.DEFAULT, "1.2.3");
  private final List<String> ids = new ArrayList<>();

  @BeforeEach
  void register() {
    TestKernel first = TestKernel.of("6.1", "a/one: int x", "a/two: int x", "b/gone: int x");
    TestKernel second = TestKernel.of("6.2", "a/one: u64 x", "a/two: int x", "c/new: int x");
    TestKernel rebuilt =
        new TestKernel(
            new KernelIdentity("6.2", "#2 later", "x86_64", first.identity().target(), 4096),
            second.shifted(10).events());
    for (TestKernel kernel : List.of(first, second, rebuilt)) {
      ids.add(kernel.registerIn(registry, "line").kernel().id());
    }
  }

  @Test
  void a_kernel_is_found_by_its_id_a_prefix_or_its_release() {
    for (String id : ids) {
      assertEquals(id, registry.kernel(id, 0).id());
      assertEquals(id, registry.kernel(id.substring(0, 8).toUpperCase(Locale.ROOT), 0).id());
    }
    assertEquals(ids.getFirst(), registry.kernel("6.1", 0).id());
    assertEquals(ids.get(1), registry.kernel("6.2", 2).id());
  }

  @Test
  void a_name_of_two_kernels_is_refused_with_both() {
    refused(
        "FAILED_PRECONDITION 6.2: \"6.2\" names more than one kernel: "
            + ids.get(1)
            + " (6.2 x86_64 #1, 3 events), "
            + ids.get(2)
            + " (6.2 x86_64 #2 later, 3 events); give the id",
        () -> registry.kernel("6.2", 0));
  }

  @Test
  void what_is_not_there_is_said_with_what_to_do() {
    String none = " lists those that are registered";
    refused(
        "NOT_FOUND 9.9: no kernel has the id or release \"9.9\"; `tracery kernels`" + none,
        () -> registry.kernel("9.9", 0));
    refused(
        "NOT_FOUND abc: no kernel has the id or release \"abc\"; give at least 4 digits of an id; `tracery kernels`"
            + none,
        () -> registry.kernel("abc", 0));
    refused(
        "NOT_FOUND 6.2: no kernel has the id or release \"6.2\"; `tracery kernels`" + none,
        () -> registry.kernel("6.2", 1));
    refused(
        "INVALID_ARGUMENT kernel: kernel: expected a kernel's id or release but found nothing",
        () -> registry.kernel("", 0));
    refused(
        "NOT_FOUND x/y: no registered kernel has the event x/y; `tracery events` lists those that"
            + " are known",
        () -> schema("x/y", new SchemaSelector.Latest()));
    refused(
        "NOT_FOUND a/one: a/one has no version 3; the latest is 2",
        () -> schema("a/one", new SchemaSelector.ByVersion(3)));
    refused(
        "INVALID_ARGUMENT version: version: expected 1 or more but found 0",
        () -> schema("a/one", new SchemaSelector.ByVersion(0)));
    refused(
        "NOT_FOUND c/new: the kernel " + ids.getFirst() + " (6.1) has no event c/new",
        () -> schema("c/new", new SchemaSelector.ByKernel("6.1")));
    Sha256 hash = new Sha256(0, 0, 0, 1);
    refused(
        "NOT_FOUND " + hash + ": no registered kernel has a/one with the layout " + hash,
        () -> schema("a/one", new SchemaSelector.ByLayout(hash)));
    refused(
        "INVALID_ARGUMENT parts: parts: a layout and a decode plan are of one kernel's bytes; name"
            + " a kernel or a layout",
        () -> registry.schema(ONE, new SchemaSelector.Latest(), Set.of(SchemaPart.DECODE_PLAN), 0));
  }

  @Test
  void a_revision_that_is_not_there_is_out_of_range() {
    refused(
        "OUT_OF_RANGE revision: there is no revision 4 yet; the latest is 3",
        () -> registry.kernel("6.1", 4));
    refused(
        "OUT_OF_RANGE revision: there is no revision 4 yet; the latest is 3",
        () -> registry.changes(4, 1));
    refused(
        "INVALID_ARGUMENT revision: revision: expected 0 or more but found -1",
        () -> registry.events("", "", null, 1, -1));
  }

  @Test
  void events_are_listed_in_pages_of_those_that_match() {
    assertEquals(List.of("a/one 110 2", "a/two 111 1"), events(ids.get(2), "a/*", null, 9));
    assertEquals(List.of("a/two 111 1"), events(ids.get(2), "", "a/one", 1));
    assertEquals(List.of("c/new 112 1"), events(ids.get(2), "", "a/two", 9));
    assertEquals(List.of(), events(ids.get(2), "", "c/new", 9));
    assertEquals(List.of("c/new 112 1"), events(ids.get(2), "", "b/zzz", 9));
    assertEquals(
        List.of("a/one 0 2", "a/two 0 1", "b/gone 0 1", "c/new 0 1"), events("", "", null, 9));
    assertEquals(List.of("b/gone 0 1"), events("", "?/????", "a/two", 9));
  }

  @Test
  void lineages_of_an_earlier_revision_have_its_versions() {
    assertEquals(
        List.of("a/one 1", "a/two 1", "b/gone 1"),
        registry.events("", "", null, 9, 1).stream()
            .map(event -> event.event() + " " + event.schemaVersion())
            .toList());
  }

  @Test
  void kernels_are_listed_in_order_and_in_pages() {
    assertEquals(ids, kernelIds("", 0, 9, 0));
    assertEquals(ids.subList(1, 2), kernelIds("line", 1, 1, 0));
    assertEquals(ids.subList(0, 2), kernelIds("line", 0, 9, 2));
    assertEquals(List.of(), kernelIds("other", 0, 9, 0));
  }

  @Test
  void two_kernels_differ_in_events_and_fields() {
    assertEquals(
        new KernelDiff(
            List.of(
                new EventDiff(
                    ONE,
                    List.of(
                        new Change(
                            ChangeKind.FIELD_WIDENED, "x", 0, "int x (4 bytes)", "u64 x (8 bytes)"),
                        new Change(
                            ChangeKind.FIELD_SIGNEDNESS,
                            "x",
                            0,
                            "int x (signed)",
                            "u64 x (unsigned)"),
                        new Change(ChangeKind.RECORD_SIZE, "", 0, "12 bytes", "16 bytes")),
                    1,
                    2,
                    3),
                new EventDiff(
                    EventName.parse("b/gone"),
                    List.of(new Change(ChangeKind.EVENT_REMOVED, "", 0, "b/gone", "")),
                    1,
                    0,
                    3),
                new EventDiff(
                    EventName.parse("c/new"),
                    List.of(new Change(ChangeKind.EVENT_ADDED, "", 0, "", "c/new")),
                    0,
                    1,
                    3)),
            1,
            List.of(),
            3),
        registry.diff(ids.getFirst(), ids.get(1), "", 0));
  }

  @Test
  void another_id_is_a_change_only_where_the_filter_names_the_event() {
    assertEquals(
        new KernelDiff(List.of(), 3, List.of(), 3), registry.diff(ids.get(1), ids.get(2), "", 0));
    assertEquals(
        List.of(new Change(ChangeKind.EVENT_ID, "", 0, "id 100", "id 110")),
        registry.diff(ids.get(1), ids.get(2), "a/one", 0).events().getFirst().changes());
  }

  @Test
  void two_versions_differ_in_what_a_schema_has() {
    assertEquals(
        new EventDiff(
            ONE,
            List.of(
                new Change(ChangeKind.FIELD_WIDENED, "x", 0, "int x (32 bits)", "u64 x (64 bits)"),
                new Change(
                    ChangeKind.FIELD_SIGNEDNESS, "x", 0, "int x (signed)", "u64 x (unsigned)")),
            1,
            2,
            3),
        registry.diffVersions(ONE, 1, 0, 0));
    assertEquals(List.of(), registry.diffVersions(ONE, 2, 2, 0).changes());
  }

  @Test
  void those_who_listen_hear_of_every_head() throws Exception {
    List<Long> heard = new ArrayList<>();
    AutoCloseable listening = registry.onHeadMoved(heard::add);
    TestKernel.of("6.4", "a/one: int x").registerIn(registry, "");
    TestKernel.of("6.4", "a/one: int x").registerIn(registry, "");
    listening.close();
    TestKernel.of("6.5", "a/one: int x").registerIn(registry, "");
    assertEquals(List.of(4L), heard);
  }

  @Test
  void the_status_counts() {
    assertEquals(
        "1.2.3 3 3 4 5 5 memory",
        registry.status().version()
            + " "
            + registry.status().revision()
            + " "
            + registry.status().kernels()
            + " "
            + registry.status().events()
            + " "
            + registry.status().schemaVersions()
            + " "
            + registry.status().layouts()
            + " "
            + registry.status().store());
  }

  private List<String> kernelIds(String series, int from, int limit, long revision) {
    return registry.kernels(series, from, limit, revision).stream().map(k -> k.id()).toList();
  }

  private List<String> events(String kernel, String filter, @Nullable String after, int limit) {
    return registry
        .events(kernel, filter, after == null ? null : EventName.parse(after), limit, 0)
        .stream()
        .map((KernelEvent e) -> e.event() + " " + e.id() + " " + e.schemaVersion())
        .toList();
  }

  private void schema(String event, SchemaSelector selector) {
    registry.schema(EventName.parse(event), selector, Set.of(), 0);
  }

  private static void refused(String expected, Executable call) {
    RegistryException refused = assertThrows(RegistryException.class, call);
    assertEquals(expected, refused.code() + " " + refused.subject() + ": " + refused.getMessage());
    assertEquals(Optional.empty(), refused.diagnostics().stream().findAny());
  }
}
