package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import dev.tracery.registry.Compatibility.Check;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.KernelFit;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.ModeRule;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.StabilityRule;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.store.MemoryStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CompatibilityTest {

  private static final String SERIES = "debian";
  private static final EventName ONE = EventName.parse("a/one");
  private static final TestKernel OLD = TestKernel.of("6.1", "a/one: int x; int y", "b/two: u64 y");
  private static final TestKernel WITHOUT_X = TestKernel.of("6.2", "a/one: int y", "b/two: u64 y");
  private static final TestKernel MORE =
      TestKernel.of("6.3", "a/one: int x; int y; int z", "b/two: u64 y");

  private final MemoryStore store = new MemoryStore();
  private final LogRegistry registry = new LogRegistry(store, RegistryLimits.DEFAULT, "test");

  @Test
  void the_first_kernel_of_a_series_breaks_nothing() {
    registry.consumers().declare(readsX("tool"), List.of(), true, false);

    Report report = OLD.registerIn(registry, SERIES).report().orElseThrow();

    assertEquals(Optional.empty(), report.predecessor());
    assertEquals(Verdict.COMPATIBLE, report.verdict());
    assertEquals(List.of(), report.findings());
    assertEquals(Mode.ADVISE, report.mode());
  }

  @Test
  void a_kernel_that_joins_no_series_is_not_judged() {
    OLD.registerIn(registry, SERIES);

    assertEquals(Optional.empty(), WITHOUT_X.registerIn(registry, "").report());
    assertEquals(Optional.empty(), OLD.registerIn(registry, SERIES).report());
  }

  @Test
  void a_check_says_what_would_break_and_stores_nothing() {
    OLD.registerIn(registry, SERIES);
    registry.consumers().declare(readsX("tool"), List.of(), true, false);
    long head = registry.head();

    Report report = check(WITHOUT_X, SERIES);

    assertEquals(Verdict.BREAK, report.verdict());
    assertEquals("6.1", report.predecessor().orElseThrow().identity().release());
    assertEquals(0, report.candidate().revision());
    assertEquals(1, report.findingCount());
    Finding finding = report.findings().getFirst();
    assertEquals("tool", Objects.requireNonNull(finding.consumer()).name());
    assertEquals(ONE, finding.event());
    assertEquals(ChangeKind.FIELD_REMOVED, finding.change().kind());
    assertEquals("x", finding.change().field());
    assertEquals(1, report.requirementsJudged());
    assertEquals(head, report.revision());
    assertEquals(head, registry.head());
    assertEquals(1, registry.status().kernels());
  }

  @Test
  void a_kernel_of_the_series_is_checked_against_the_one_before_it() {
    OLD.registerIn(registry, SERIES);
    MORE.registerIn(registry, SERIES);
    WITHOUT_X.registerIn(registry, SERIES);

    assertEquals("6.1", check(MORE, SERIES).predecessor().orElseThrow().identity().release());
    assertEquals("6.3", check(WITHOUT_X, SERIES).predecessor().orElseThrow().identity().release());
    assertEquals(Optional.empty(), check(OLD, SERIES).predecessor());
  }

  @Test
  void a_series_that_advises_takes_a_kernel_that_breaks_with_the_report() {
    OLD.registerIn(registry, SERIES);
    registry.consumers().declare(readsX("tool"), List.of(), true, false);

    RegistrationResult result = WITHOUT_X.registerIn(registry, SERIES);

    assertTrue(result.created());
    assertEquals(Verdict.BREAK, result.report().orElseThrow().verdict());
    // Judged at the revision before the one that stored it.
    assertEquals(result.revision() - 1, result.report().orElseThrow().revision());
  }

  @Test
  void a_series_that_enforces_refuses_it_and_stores_nothing() {
    OLD.registerIn(registry, SERIES);
    registry.consumers().declare(readsX("tool"), List.of(), true, false);
    enforce();
    long head = registry.head();

    for (boolean validateOnly : new boolean[] {false, true}) {
      RegistryException refused =
          assertThrows(
              RegistryException.class, () -> WITHOUT_X.registerIn(registry, SERIES, validateOnly));
      assertEquals(Code.FAILED_PRECONDITION, refused.code());
      assertEquals(Verdict.BREAK, refused.report().orElseThrow().verdict());
      assertTrue(
          String.valueOf(refused.getMessage())
              .startsWith("the kernel 6.2 breaks the series debian, which enforces: a/one.x: "),
          String.valueOf(refused.getMessage()));
    }
    assertEquals(head, registry.head());
    assertEquals(1, registry.status().kernels());
    // Nobody is harmed by it elsewhere, or by what is added.
    WITHOUT_X.registerIn(registry, "other");
    MORE.registerIn(registry, SERIES);
  }

  @Test
  void joining_a_series_later_is_judged_likewise() {
    OLD.registerIn(registry, SERIES);
    registry.consumers().declare(readsX("tool"), List.of(), true, false);
    WITHOUT_X.registerIn(registry, "");
    enforce();
    long head = registry.head();

    RegistryException refused =
        assertThrows(RegistryException.class, () -> WITHOUT_X.registerIn(registry, SERIES));
    assertEquals(Verdict.BREAK, refused.report().orElseThrow().verdict());
    assertEquals(head, registry.head());
  }

  @Test
  void a_waiver_lets_it_through_and_is_recorded() {
    OLD.registerIn(registry, SERIES);
    registry.consumers().declare(readsX("tool"), List.of(), true, false);
    enforce();
    long before = registry.head();
    Waiver given = registry.compatibility().waive(waiver("w1", SERIES, "x"));

    RegistrationResult result = WITHOUT_X.registerIn(registry, SERIES);

    assertEquals(before + 1, given.revision());
    assertEquals(Verdict.WAIVED, result.report().orElseThrow().verdict());
    assertEquals("w1", result.report().orElseThrow().findings().getFirst().waiver());
    assertEquals(List.of(given), registry.compatibility().waivers("", 0, 10, 0));
    assertEquals(
        List.of(new RegistryChange.WaiverGiven("w1", SERIES)),
        registry.changes(before, 1).getFirst().changes());
    // Time travel, and a replay of the log.
    assertEquals(List.of(), registry.compatibility().waivers("", 0, 10, before));
    assertEquals(List.of(), registry.compatibility().waivers("other", 0, 10, 0));
    LogRegistry replayed = new LogRegistry(store, RegistryLimits.DEFAULT, "test");
    assertEquals(List.of(given), replayed.compatibility().waivers(SERIES, 0, 10, 0));
    assertEquals(registry.compatibility().policy(before), replayed.compatibility().policy(before));
  }

  @Test
  void a_waiver_of_something_else_waives_nothing() {
    OLD.registerIn(registry, SERIES);
    WITHOUT_X.registerIn(registry, "other");
    registry.consumers().declare(readsX("tool"), List.of(), true, false);
    registry.compatibility().waive(waiver("field", SERIES, "y"));
    registry.compatibility().waive(waiver("series", "other", "x"));

    assertEquals(Verdict.BREAK, check(WITHOUT_X, SERIES).verdict());
  }

  @Test
  void the_policy_is_the_registrys_own_until_it_is_changed_and_can_be_read_as_it_was() {
    OLD.registerIn(registry, SERIES);
    assertEquals(Mode.ADVISE, registry.compatibility().policy(0).defaultMode());
    long before = registry.head();

    registry
        .compatibility()
        .updatePolicy(
            List.of(new ModeRule("*", Mode.ENFORCE), new ModeRule(SERIES, Mode.ADVISE)),
            List.of(new StabilityRule("a/*", Stability.STABLE, false)));

    assertEquals(Mode.ENFORCE, registry.compatibility().policy(0).defaultMode());
    assertEquals(
        List.of(new ModeRule(SERIES, Mode.ADVISE)), registry.compatibility().policy(0).modes());
    assertEquals(
        new StabilityRule("a/*", Stability.STABLE, false),
        registry.compatibility().policy(0).stability().getFirst());
    assertEquals(Mode.ADVISE, registry.compatibility().policy(before).defaultMode());
    assertEquals(
        List.of(
            new RegistryChange.PolicyChanged(
                "series *: enforce; series debian: advise; events a/*: stable")),
        registry.changes(before, 1).getFirst().changes());
    // Without any consumer: what is stable does not go.
    Report report = check(WITHOUT_X, SERIES);
    assertEquals(Verdict.BREAK, report.verdict());
    assertEquals(Stability.STABLE, report.findings().getFirst().stability());

    long head = registry.head();
    registry.compatibility().updatePolicy(List.of(new ModeRule("*", Mode.ENFORCE)), List.of());
    assertEquals(head, registry.head(), "what is so already is not written");
    registry
        .compatibility()
        .updatePolicy(
            List.of(new ModeRule("*", null), new ModeRule(SERIES, null)),
            List.of(new StabilityRule("a/*", null, false)));
    assertEquals(
        registry.compatibility().policy(before).stability(),
        registry.compatibility().policy(0).stability());
    assertEquals(List.of(), registry.compatibility().policy(0).modes());
  }

  @Test
  void a_tool_is_told_where_it_can_run() {
    OLD.registerIn(registry, SERIES);
    WITHOUT_X.registerIn(registry, SERIES);

    List<KernelFit> fits = registry.compatibility().canRunIn(readsX("tool"), SERIES, 10, 0);

    assertEquals(
        List.of(RunOutcome.ACCEPTED, RunOutcome.REJECTED),
        fits.stream().map(KernelFit::outcome).toList());
    assertEquals(
        fits.subList(1, 2), registry.compatibility().canRunIn(readsX("tool"), SERIES, 1, 0));
    assertEquals(fits.get(0), registry.compatibility().canRunOn(readsX("tool"), "6.1", 0));
  }

  @Test
  void an_unknown_series_is_not_found_and_near_names_are_told() {
    OLD.registerIn(registry, SERIES);

    RegistryException refused =
        assertThrows(RegistryException.class, () -> check(WITHOUT_X, "debain"));

    assertEquals(Code.NOT_FOUND, refused.code());
    assertEquals("series debain", refused.subject());
    assertEquals(
        "series: no kernel is in the series debain; did you mean debian?", refused.getMessage());
  }

  @Test
  void a_candidate_of_another_architecture_is_refused() {
    OLD.registerIn(registry, SERIES);
    TestKernel big =
        new TestKernel(
            new dev.tracery.model.KernelIdentity(
                "6.1",
                "",
                "s390x",
                new Target(
                    dev.tracery.model.WordSize.BITS_64, dev.tracery.model.ByteOrder.BIG_ENDIAN),
                4096),
            OLD.events());

    RegistryException refused = assertThrows(RegistryException.class, () -> check(big, SERIES));
    assertEquals(Code.FAILED_PRECONDITION, refused.code());
  }

  record Bad(Waiver waiver, Code code, String subject) {}

  static List<Bad> badWaivers() {
    Waiver good = waiver("w", SERIES, "x");
    return List.of(
        new Bad(with(good, "", "r", "by", SERIES), Code.INVALID_ARGUMENT, "waiver.name"),
        new Bad(with(good, "a b", "r", "by", SERIES), Code.INVALID_ARGUMENT, "waiver.name"),
        new Bad(with(good, "given", "r", "by", SERIES), Code.FAILED_PRECONDITION, "waiver.name"),
        new Bad(with(good, "w", " ", "by", SERIES), Code.INVALID_ARGUMENT, "waiver.reason"),
        new Bad(
            with(good, "w", "r".repeat(1001), "by", SERIES),
            Code.INVALID_ARGUMENT,
            "waiver.reason"),
        new Bad(with(good, "w", "r\u001b", "by", SERIES), Code.INVALID_ARGUMENT, "waiver.reason"),
        new Bad(with(good, "w", "r", "", SERIES), Code.INVALID_ARGUMENT, "waiver.author"),
        new Bad(with(good, "w", "r", "by", ""), Code.INVALID_ARGUMENT, "waiver.series"),
        new Bad(with(good, "w", "r", "by", "debain"), Code.NOT_FOUND, "series debain"),
        new Bad(
            new Waiver(
                "w",
                "r",
                "by",
                SERIES,
                "",
                "",
                EventName.parse("a/oen"),
                "",
                null,
                Instant.EPOCH,
                0),
            Code.INVALID_ARGUMENT,
            "waiver.event"));
  }

  @ParameterizedTest
  @MethodSource("badWaivers")
  void a_bad_waiver_is_refused_by_its_field_and_nothing_is_stored(Bad bad) {
    OLD.registerIn(registry, SERIES);
    registry.compatibility().waive(waiver("given", SERIES, "y"));
    long head = registry.head();

    RegistryException refused =
        assertThrows(RegistryException.class, () -> registry.compatibility().waive(bad.waiver()));

    assertEquals(bad.code() + " " + bad.subject(), refused.code() + " " + refused.subject());
    assertEquals(head, registry.head());
  }

  @Test
  void a_waiver_for_an_event_that_nobody_has_tells_near_names() {
    OLD.registerIn(registry, SERIES);
    Waiver waiver =
        new Waiver(
            "w", "r", "by", SERIES, "", "", EventName.parse("a/oen"), "", null, Instant.EPOCH, 0);

    RegistryException refused =
        assertThrows(RegistryException.class, () -> registry.compatibility().waive(waiver));

    assertEquals(
        "waiver.event: no registered kernel has the event a/oen; did you mean a/one?",
        refused.getMessage());
  }

  @Test
  void registrations_and_declarations_at_once_never_break_a_claim_of_an_earlier_revision()
      throws InterruptedException {
    OLD.registerIn(registry, SERIES);
    enforce();
    List<Long> registered = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int n = i;
      threads.add(
          Thread.ofVirtual()
              .start(() -> {
                try {
                  registered.add(
                      WITHOUT_X.withRelease("6.2." + n).registerIn(registry, SERIES).revision());
                } catch (RegistryException e) {
                  assertFalse(e.report().isEmpty(), String.valueOf(e.getMessage()));
                }
              }));
      threads.add(
          Thread.ofVirtual()
              .start(
                  () -> registry.consumers().declare(readsX("tool" + n), List.of(), true, false)));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    // The first that goes without x breaks whoever was declared before it.
    long firstDeclared =
        IntStream.range(0, 8)
            .mapToLong(n -> registry.consumers().consumer("tool" + n, "", 0).revision())
            .min()
            .orElseThrow();
    if (!registered.isEmpty()) {
      long first = registered.stream().mapToLong(Long::longValue).min().orElseThrow();
      assertTrue(first < firstDeclared, first + " " + firstDeclared);
    } else {
      assertEquals(1, registry.kernels(SERIES, 0, 10, 0).size());
    }
  }

  private void enforce() {
    registry.compatibility().updatePolicy(List.of(new ModeRule(SERIES, Mode.ENFORCE)), List.of());
  }

  private Report check(TestKernel kernel, String series) {
    try (Check check = registry.compatibility().check(kernel.identity(), series)) {
      kernel
          .events()
          .forEach(event ->
              check.add(
                  event.name(),
                  event.id(),
                  event.name() + "/format",
                  event.text(),
                  Optional.empty()));
      return check.finish().report();
    }
  }

  private static Consumer readsX(String name) {
    FieldUse x = new FieldUse(List.of("x"), false, false, 0, null, false);
    EventUse use =
        new EventUse(ONE, AccessClass.BY_NAME, List.of(x), false, "", null, List.of(), "", null);
    return new Consumer(name, "1", "", List.of(new Requirement(List.of(use), false)));
  }

  private static Waiver waiver(String name, String series, String field) {
    return new Waiver(
        name, "nobody runs it", "ops", series, "", "", ONE, field, null, Instant.EPOCH, 0);
  }

  private static Waiver with(
      Waiver waiver, String name, String reason, String author, String series) {
    return new Waiver(
        name,
        reason,
        author,
        series,
        "",
        "",
        waiver.event(),
        waiver.field(),
        null,
        Instant.EPOCH,
        0);
  }
}
