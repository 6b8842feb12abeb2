package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RegistrationTest {

  private static final TestKernel KERNEL = TestKernel.of("6.1", "a/one: int x", "b/two: u64 y");
  private static final KernelIdentity IDENTITY = KERNEL.identity();
  private static final EventName ONE = EventName.parse("a/one");
  private static final EventName TWO = EventName.parse("b/two");
  private static final Sha256 NOWHERE = new Sha256(1, 2, 3, 4);

  private final FlakyStore store = new FlakyStore();
  private final LogRegistry registry =
      new LogRegistry(
          store,
          new RegistryLimits(5, 4_000, 1 << 20, 10, 5, 4_000, 1 << 20, 1 << 20, 1 << 20),
          "test");

  /// @param expected the refusal's code and message, and its diagnostics, a line each
  record Bad(String what, Consumer<Registration> events, String expected) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> bad() {
    return List.of(
        new Bad(
            "no events",
            _ -> {},
            "INVALID_ARGUMENT the registration has no events; a kernel has at least one"),
        new Bad(
            "two events of one name",
            r -> {
              text(r, ONE, 1, TestKernel.format("one", 1, "int x"));
              text(r, ONE, 2, TestKernel.format("one", 2, "u64 x"));
            },
            """
            INVALID_ARGUMENT the formats have 1 error; nothing was registered; first: a/one/format: error DUPLICATE_EVENT: a/one is given more than once (a kernel has one format for each event; leave the others out)
            a/one/format: error DUPLICATE_EVENT: a/one is given more than once (a kernel has one format for each event; leave the others out)\
            """),
        new Bad(
            "two events of one id",
            r -> {
              text(r, ONE, 1, TestKernel.format("one", 1, "int x"));
              text(r, TWO, 1, TestKernel.format("two", 1, "u64 x"));
            },
            """
            INVALID_ARGUMENT the formats have 1 error; nothing was registered; first: b/two/format: error DUPLICATE_ID: b/two has the id 1, which is that of a/one (an id names one event of a kernel; are the formats of one boot?)
            b/two/format: error DUPLICATE_ID: b/two has the id 1, which is that of a/one (an id names one event of a kernel; are the formats of one boot?)\
            """),
        new Bad(
            "the format of another event",
            r -> text(r, TWO, 1, TestKernel.format("one", 1, "int x")),
            """
            INVALID_ARGUMENT the formats have 1 error; nothing was registered; first: b/two/format:1:1: error EVENT_NAME_MISMATCH: expected the format of "two" but found that of "one" (the folder of a format has the event's name)
            b/two/format:1:1: error EVENT_NAME_MISMATCH: expected the format of "two" but found that of "one" (the folder of a format has the event's name)\
            """),
        new Bad(
            "errors in two files",
            r -> {
              text(r, TWO, 2, bytes("nothing\n"));
              text(r, ONE, 1, TestKernel.format("one", 1, "int x; int x y 3"));
            },
            "INVALID_ARGUMENT *"),
        new Bad(
            "another hash than claimed",
            r ->
                r.add(
                    ONE,
                    1,
                    "a/one/format",
                    TestKernel.format("one", 1, "int x"),
                    Optional.of(NOWHERE)),
            "INVALID_ARGUMENT a/one: the layout was said to have the hash "
                + NOWHERE
                + " but its format, on a 64-bit little-endian kernel, has "
                + KERNEL.events().getFirst().hash(IDENTITY.target())),
        new Bad(
            "another id than the format's",
            r -> text(r, ONE, 7, TestKernel.format("one", 1, "int x")),
            "INVALID_ARGUMENT a/one: the id was said to be 7 but the format has ID: 1"),
        new Bad(
            "an id that no record can hold",
            r -> r.add(ONE, 65_536, NOWHERE),
            "INVALID_ARGUMENT a/one: expected an id from 0 to 65535 but found 65536"),
        new Bad(
            "a layout that nobody knows",
            r -> {
              text(r, ONE, 1, TestKernel.format("one", 1, "int x"));
              r.add(TWO, 2, NOWHERE);
            },
            "FAILED_PRECONDITION 1 layout is not known and came without format: b/two"
                + " (0000000000000001…); send the formats of what FindMissingLayouts names"),
        new Bad(
            "more events than the limit",
            r -> {
              for (int i = 0; i < 6; i++) {
                r.add(new EventName("a", "e" + i), i, NOWHERE);
              }
            },
            "RESOURCE_EXHAUSTED the kernel has more than 5 events, which is the limit; set"
                + " tracery.limits.events-per-kernel to raise it"),
        new Bad(
            "more bytes than the limit",
            r -> text(r, ONE, 1, new byte[4_001]),
            "RESOURCE_EXHAUSTED the kernel has more than 4,000 bytes of formats, which is the"
                + " limit; set tracery.limits.format-bytes to raise it"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void bad_input_is_refused_whole_and_changes_nothing(Bad bad) {
    KERNEL.registerIn(registry, "");
    var before = Answers.at(registry, 0);
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> {
              try (Registration registration = registry.register(IDENTITY, Optional.empty())) {
                bad.events.accept(registration);
                registration.finish(false);
              }
            });
    StringBuilder found = new StringBuilder(refused.code() + " " + refused.getMessage());
    refused.diagnostics().forEach(diagnostic -> found.append('\n').append(diagnostic));
    if (bad.expected.endsWith("*")) {
      assertEquals(
          Set.of("a/one/format", "b/two/format"),
          Set.copyOf(
              refused.diagnostics().stream().map(d -> d.location().file()).distinct().toList()));
    } else {
      assertEquals(bad.expected, found.toString());
    }
    assertEquals(before, Answers.at(registry, 0));
    assertEquals(1, store.head());
  }

  @Test
  void no_more_than_a_thousand_diagnostics_are_listed_and_all_are_counted() {
    Findings findings = new Findings();
    RegistryException refused =
        assertThrows(RegistryException.class, () -> many().registerIn(unlimited(), ""));
    assertEquals(1_000, refused.diagnostics().size());
    assertTrue(
        String.valueOf(refused.getMessage())
            .contains(" errors; the first 1,000 are listed; nothing was"),
        refused.getMessage());
    assertEquals(0, findings.errorCount());
  }

  private LogRegistry unlimited() {
    return new LogRegistry(store, RegistryLimits.DEFAULT, "test");
  }

  private static TestKernel many() {
    String[] events = new String[1_200];
    for (int i = 0; i < events.length; i++) {
      events[i] = "a/e" + i + ": int x";
    }
    return TestKernel.of("many", events)
        .withEvents(event ->
            new TestKernel.Event(
                event.name(), event.id(), TestKernel.format("wrong", event.id(), "int x")));
  }

  @Test
  void a_series_with_other_characters_is_refused() {
    RegistryException refused =
        assertThrows(
            RegistryException.class, () -> registry.register(IDENTITY, Optional.of("a b\n")));
    assertEquals(
        "series: expected 1 to 200 letters, digits and ._+~- but found \"a b\\x0a\"",
        refused.getMessage());
    assertEquals("series", refused.subject());
  }

  @Test
  void validation_says_what_would_be_and_stores_nothing() {
    RegistrationResult validated = KERNEL.registerIn(registry, "line", true);
    assertEquals(0, store.head());
    assertEquals(0, registry.head());
    RegistrationResult stored = KERNEL.registerIn(registry, "line");
    assertEquals(
        new Kernel(
            stored.kernel().id(),
            IDENTITY,
            stored.kernel().manifestFingerprint(),
            List.of("line"),
            2,
            2,
            0,
            Instant.EPOCH,
            Optional.empty()),
        validated.kernel());
    assertEquals(
        stored,
        new RegistrationResult(
            stored.kernel(),
            1,
            validated.created(),
            validated.newLayouts(),
            validated.newSchemaVersions(),
            validated.warnings(),
            validated.warningCount(),
            stored.report(),
            validated.typesAdded()));
    assertEquals(stored.report().map(Report::verdict), validated.report().map(Report::verdict));
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "REWOUND")
  void a_store_that_fails_leaves_everything_as_it_was(StoreException.Reason reason) {
    KERNEL.registerIn(registry, "");
    var before = Answers.at(registry, 0);
    TestKernel next = TestKernel.of("6.2", "a/one: u64 x", "c/three: int z");
    store.failure = reason;
    RegistryException refused =
        assertThrows(RegistryException.class, () -> next.registerIn(registry, "line"));
    assertEquals(
        switch (reason) {
              case UNAVAILABLE, REWOUND -> "UNAVAILABLE";
              case UNCERTAIN -> "UNCERTAIN";
              case FULL -> "RESOURCE_EXHAUSTED";
              case UNUSABLE -> "FAILED_PRECONDITION";
              case CORRUPT -> "DATA_LOSS";
            }
            + " the disk is "
            + reason,
        refused.code() + " " + refused.getMessage());
    assertEquals(before, Answers.at(registry, 0));
    store.failure = null;
    assertTrue(next.registerIn(registry, "line").created());
  }

  @Test
  void a_machine_of_the_other_byte_order_is_refused() {
    Target big = new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () ->
                registry.register(
                    new KernelIdentity("6.2", "#1", "x86_64", big, 4096), Optional.empty()));
    assertEquals(
        "identity: a kernel of the machine \"x86_64\" is not 64-bit big-endian; one of the two is"
            + " wrong",
        refused.getMessage());
  }

  @Test
  void a_format_with_more_fields_than_the_limit_is_refused_with_the_limit() {
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () ->
                TestKernel.of("6.1", "sched/a: int a; int b; int c; int d; int e; int f; int g")
                    .registerIn(registry, ""));
    assertEquals(
        "sched/a/format:15:1: error FIELDS_TOO_MANY: the format has more than 10 fields (the limit"
            + " is configuration)",
        refused.diagnostics().getFirst().toString());
  }

  @Test
  void a_series_has_one_architecture() {
    TestKernel.of("6.1", "sched/a: int x").registerIn(registry, "one");
    TestKernel other = TestKernel.of("6.2", "sched/a: int x");
    KernelIdentity big =
        new KernelIdentity(
            "6.2", "#1", "s390x", new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN), 4096);
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () -> new TestKernel(big, other.events()).registerIn(registry, "one"));
    assertEquals(RegistryException.Code.FAILED_PRECONDITION, refused.code());
    assertEquals(
        "the series one is of 64-bit little-endian kernels, such as 6.1, and 6.2 is 64-bit"
            + " big-endian; choose another series",
        refused.getMessage());
    assertEquals(1, registry.head());
  }

  @Test
  void registering_again_appends_only_the_joining_of_a_new_series() {
    RegistrationResult first = KERNEL.registerIn(registry, "one");
    RegistrationResult again = KERNEL.registerByHash(registry, "one");
    RegistrationResult joined = KERNEL.registerIn(registry, "two");
    assertFalse(again.created());
    assertFalse(joined.created());
    assertEquals(first.kernel(), again.kernel());
    assertEquals(1, again.revision());
    assertEquals(2, joined.revision());
    assertEquals(List.of("one", "two"), joined.kernel().series());
    assertEquals(List.of("one"), registry.kernel("6.1", 1).series());
    assertEquals(List.of(), registry.kernels("two", 0, 10, 1));
    assertEquals(
        List.of(new RegistryChange.SeriesJoined(first.kernel().id(), "two")),
        registry.changes(1, 10).getFirst().changes());
  }

  @Test
  void a_layout_that_another_event_has_is_another_lineage() {
    TestKernel.of("6.1", "a/one: int x").registerIn(registry, "");
    RegistrationResult second = TestKernel.of("6.2", "b/one: int x").registerByHash(registry, "");
    assertEquals("0 1", second.newLayouts() + " " + second.newSchemaVersions());
    assertEquals(
        "linux.b.One",
        registry
            .schema(
                EventName.parse("b/one"),
                new SchemaSelector.ByKernel("6.2"),
                Set.of(SchemaPart.DECODE_PLAN),
                0)
            .messageName());
    assertEquals(1, registry.status().layouts());
    assertEquals(2, registry.status().schemaVersions());
  }

  @Test
  void a_known_layout_of_another_name_is_refused_without_its_text_too() {
    TestKernel.of("6.1", "a/one: int x").registerIn(registry, "");
    Sha256 hash = KERNEL.events().getFirst().hash(IDENTITY.target());
    try (Registration registration = registry.register(IDENTITY, Optional.empty())) {
      registration.add(TWO, 5, hash);
      RegistryException refused =
          assertThrows(RegistryException.class, () -> registration.finish(false));
      assertEquals("EVENT_NAME_MISMATCH", refused.diagnostics().getFirst().code());
    }
  }

  @Test
  void a_head_that_moved_is_caught_up_with_and_the_check_runs_again() {
    LogRegistry other = new LogRegistry(store, RegistryLimits.DEFAULT, "test");
    store.beforeAppend =
        () -> TestKernel.of("6.2", "a/one: u64 x", "b/two: u64 y").registerIn(other, "");
    RegistrationResult result = KERNEL.registerIn(registry, "");
    assertEquals(2, result.revision());
    assertEquals("1 1", result.newLayouts() + " " + result.newSchemaVersions());
    assertEquals(2, registry.events("6.1", "a/*", null, 5, 0).getFirst().schemaVersion());
  }

  @Test
  void a_known_layout_of_another_byte_order_is_refused() {
    KERNEL.registerIn(registry, "");
    Target big = new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);
    KernelIdentity identity = new KernelIdentity("6.1", "", "s390x", big, 4096);
    try (Registration registration = registry.register(identity, Optional.empty())) {
      registration.add(ONE, 1, KERNEL.events().getFirst().hash(IDENTITY.target()));
      RegistryException refused =
          assertThrows(RegistryException.class, () -> registration.finish(false));
      assertEquals(RegistryException.Code.INVALID_ARGUMENT, refused.code());
      assertEquals(
          List.of(
              "a/one/format: error LAYOUT_OF_OTHER_TARGET: a/one has a layout of 64-bit"
                  + " little-endian kernels, but the kernel is 64-bit big-endian (is the kernel's"
                  + " word size or byte order wrong?)"),
          refused.diagnostics().stream().map(Object::toString).toList());
    }
    assertEquals(1, registry.head());
  }

  @Test
  void one_text_is_enough_for_events_that_share_a_layout() {
    byte[] text = TestKernel.format("same", 1, "int x");
    Sha256 hash = CanonicalForm.hash(text, IDENTITY.target());
    try (Registration registration = registry.register(IDENTITY, Optional.empty())) {
      registration.add(new EventName("a", "same"), 2, hash);
      text(registration, new EventName("b", "same"), 1, text);
      RegistrationResult result = registration.finish(false);
      assertEquals(1, result.newLayouts());
      assertEquals(2, result.newSchemaVersions());
    }
  }

  @Test
  void events_come_in_the_order_of_their_names_whatever_the_order_they_were_added_in() {
    FlakyStore otherStore = new FlakyStore();
    LogRegistry other = new LogRegistry(otherStore, RegistryLimits.DEFAULT, "test");
    KERNEL.registerIn(registry, "");
    new TestKernel(IDENTITY, KERNEL.events().reversed()).registerIn(other, "");
    assertEquals(
        Sha256.of(store.read(0, 1).getFirst().entries()),
        Sha256.of(otherStore.read(0, 1).getFirst().entries()));
  }

  private static void text(Registration registration, EventName event, int id, byte[] text) {
    registration.add(event, id, event + "/format", text, Optional.empty());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
