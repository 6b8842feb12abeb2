package dev.tracery.registry.core;

import static dev.tracery.registry.core.TestConsumers.byName;
import static dev.tracery.registry.core.TestConsumers.need;
import static dev.tracery.registry.core.TestConsumers.tool;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Declared;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.registry.Consumers.Withdrawn;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.MemoryStore;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConsumersTest {

  private final SettableClock clock = new SettableClock();
  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final LogRegistry registry = open();
  private final Consumers consumers = registry.consumers();

  private LogRegistry open() {
    return new LogRegistry(
        new MemoryStore(disk, clock), RegistryLimits.DEFAULT, ClaimSettings.DEFAULT, clock, "test");
  }

  @BeforeEach
  void registerKernels() {
    TestKernel.of("1", "sched/sched_switch: int prev_pid; long prev_state", "block/rq: long page")
        .registerIn(registry, "a");
    TestKernel.of("2", "sched/sched_switch: int prev_pid; int next_pid", "block/rq: long pfn")
        .registerIn(registry, "b");
  }

  @AfterEach
  void close() {
    registry.close();
  }

  @Test
  void aDeclarationIsAClaim() {
    Consumer tool = byName("offcputime", "0.31", "sched/sched_switch", "prev_pid");
    Declared declared = consumers.declare(tool, List.of(), false, false);
    Claim claim =
        new Claim(
            tool,
            Origin.DECLARED,
            State.LIVE,
            clock.instant(),
            Optional.empty(),
            Optional.empty(),
            3,
            "");
    assertEquals(new Declared(claim, 3, true, List.of(), List.of()), declared);
    assertEquals(claim, consumers.consumer("offcputime", "0.31", 0));
    assertEquals(claim, consumers.consumer("offcputime", "", 0));
    assertEquals(List.of(claim), consumers.list("off*", false, 0, 10, 0));
    assertEquals(List.of(), consumers.list("on*", false, 0, 10, 0));
    assertEquals(
        List.of(new RegistryChange.ConsumerDeclared(claim)),
        registry.changes(2, 1).getFirst().changes());
  }

  @Test
  void theSameDeclarationAgainChangesNothing() {
    Consumer tool = byName("t", "1", "sched/sched_switch", "prev_pid");
    consumers.declare(tool, List.of(), false, false);
    assertFalse(consumers.declare(tool, List.of("*"), false, false).changed());
    assertEquals(3, registry.head());
  }

  @Test
  void anotherDeclarationOfAVersionReplacesItAndThePastStaysReadable() {
    Consumer before = byName("t", "1", "sched/sched_switch", "prev_pid");
    Consumer after = byName("t", "1", "sched/sched_switch", "next_pid");
    consumers.declare(before, List.of(), false, false);
    assertTrue(consumers.declare(after, List.of(), false, false).changed());
    assertEquals(after, consumers.consumer("t", "1", 0).consumer());
    assertEquals(before, consumers.consumer("t", "1", 3).consumer());
    assertEquals(
        "no tool \"t\" was declared or observed; `tracery consumers` lists those that are known",
        refusal(() -> consumers.consumer("t", "1", 2)).getMessage());
  }

  @Test
  void whatIsOnlyValidatedIsNotStored() {
    Consumer tool = byName("t", "1", "sched/sched_switch", "prev_pid");
    Declared declared = consumers.declare(tool, List.of(), false, true);
    assertTrue(declared.changed());
    assertEquals(0, declared.claim().revision());
    assertEquals(2, registry.head());
  }

  @Test
  void aNewVersionSupersedesTheOthers() {
    for (String version : List.of("1", "2", "3")) {
      consumers.declare(
          byName("t", version, "sched/sched_switch", "prev_pid"), List.of(), false, false);
    }
    consumers.withdraw("t", "2", "never released");
    Declared declared =
        consumers.declare(
            byName("t", "4", "sched/sched_switch", "prev_pid"), List.of("*"), false, false);
    assertEquals(List.of("1", "3"), declared.superseded());
    assertEquals(
        List.of("1 SUPERSEDED 4", "2 WITHDRAWN never released", "3 SUPERSEDED 4", "4 LIVE "),
        consumers.list("", true, 0, 10, 0).stream().map(ConsumersTest::summary).toList());
    assertEquals(
        List.of("4 LIVE "),
        consumers.list("", false, 0, 10, 0).stream().map(ConsumersTest::summary).toList());
    assertEquals(
        List.of("1 LIVE ", "2 LIVE ", "3 LIVE "),
        consumers.list("", false, 0, 10, 5).stream().map(ConsumersTest::summary).toList());
    assertEquals(
        List.of("ConsumerDeclared", "ConsumerEnded", "ConsumerEnded"),
        registry.changes(6, 1).getFirst().changes().stream()
            .map(change -> change.getClass().getSimpleName())
            .toList());
  }

  @Test
  void aVersionThatIsNotThereCannotBeSuperseded() {
    consumers.declare(
        byName("t", "1.0", "sched/sched_switch", "prev_pid"), List.of(), false, false);
    Consumer next = byName("t", "1.1", "sched/sched_switch", "prev_pid");
    assertEquals(
        "supersedes[1]: t has no version \"1.0.0\"; did you mean 1.0?",
        refusal(() -> consumers.declare(next, List.of("1.0", "1.0.0"), false, false)).getMessage());
    assertEquals(
        "supersedes[0]: a version does not supersede itself",
        refusal(() -> consumers.declare(next, List.of("1.1"), false, false)).getMessage());
    assertEquals(3, registry.head());
  }

  @Test
  void aWithdrawnToolIsAClaimAgainWhenItIsDeclaredAgain() {
    Consumer tool = byName("t", "1", "sched/sched_switch", "prev_pid");
    consumers.declare(tool, List.of(), false, false);
    assertEquals(new Withdrawn(List.of("1"), 4), consumers.withdraw("t", "", "gone"));
    assertEquals(new Withdrawn(List.of(), 4), consumers.withdraw("t", "", "gone"));
    assertEquals("1 WITHDRAWN gone", summary(consumers.consumer("t", "1", 0)));
    assertTrue(consumers.declare(tool, List.of(), false, false).changed());
    assertEquals("1 LIVE ", summary(consumers.consumer("t", "1", 0)));
  }

  @Test
  void aToolThatIsNotThere() {
    consumers.declare(
        byName("offcputime", "1", "sched/sched_switch", "prev_pid"), List.of(), false, false);
    assertEquals(
        "no tool \"offcputim\" was declared or observed; did you mean offcputime?",
        refusal(() -> consumers.withdraw("offcputim", "", "")).getMessage());
    assertEquals(
        "offcputime has no version \"7\"; did you mean 1?",
        refusal(() -> consumers.consumer("offcputime", "7", 0)).getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "sched/sched_swich,prev_pid =>event: no registered kernel has the event sched/sched_swich;"
            + " did you mean sched/sched_switch?",
        "sched/sched_switch,prev_pod =>fields[0].names[0]: sched/sched_switch never had a field"
            + " \"prev_pod\"; did you mean prev_pid?",
      })
  void aTypingErrorIsRefusedUnlessUnknownEventsAreAllowed(String use, String problem) {
    String[] parts = use.split(",");
    Consumer typo = byName("t", "1", parts[0], parts[1]);
    RegistryException refused = refusal(() -> consumers.declare(typo, List.of(), false, false));
    String at = "consumer.requirements[0].any_of[0].";
    assertEquals(RegistryException.Code.INVALID_ARGUMENT, refused.code());
    assertEquals(at + problem.substring(0, problem.indexOf(':')), refused.subject());
    assertEquals(
        at
            + problem
            + "; correct it, or allow unknown events (`--allow-unknown`) where the kernels that"
            + " have it are still to be registered",
        refused.getMessage());
    assertEquals(2, registry.head());
    assertEquals(List.of(at + problem), consumers.declare(typo, List.of(), true, false).warnings());
    assertEquals(3, registry.head());
  }

  @Test
  void ofAlternativesOneMustBeKnownAndOfOptionalNeedsNone() {
    Consumer tool =
        tool(
            "t",
            "1",
            """
            requirements {
              any_of { event: 'block/rq' access: 1 fields { names: 'folio' names: 'pfn' } }
              any_of { event: 'block/old_rq' access: 1 }
            }
            requirements { any_of { event: 'power/none' access: 1 } optional: true }
            """);
    assertEquals(
        List.of(
            "consumer.requirements[0].any_of[1].event: no registered kernel has the event"
                + " block/old_rq",
            "consumer.requirements[1].any_of[0].event: no registered kernel has the event"
                + " power/none"),
        consumers.declare(tool, List.of(), false, false).warnings());
  }

  @Test
  void aPatternThatIsNoneIsRefusedWhateverIsAllowed() {
    Consumer tool =
        tool(
            "t",
            "1",
            "requirements { any_of { event: 'block/rq' access: 5 text { pattern: '(a' } } }");
    RegistryException refused = refusal(() -> consumers.declare(tool, List.of(), true, false));
    assertEquals("consumer.requirements[0].any_of[0].text.pattern", refused.subject());
    assertEquals(2, registry.head());
  }

  @Test
  void usesOfAnEventOrAField() {
    consumers.declare(byName("b", "1", "sched/sched_switch", "prev_pid"), List.of(), false, false);
    consumers.declare(
        tool(
            "a",
            "1",
            need("sched/sched_switch", "prev_pid", "next_pid")
                + "requirements { optional: true"
                + " any_of { event: 'block/rq' access: 1 fields { names: 'page' names: 'pfn' } }"
                + " any_of { event: 'sched/sched_switch' access: 6 parameters {} } }"),
        List.of(),
        false,
        false);
    consumers.declare(byName("c", "1", "block/rq"), List.of(), false, false);
    consumers.withdraw("c", "1", "");
    assertEquals(
        List.of(
            "a sched/sched_switch BY_NAME required [a, b]",
            "a sched/sched_switch RAW_ARGS optional alternative [a, b]",
            "b sched/sched_switch BY_NAME required [a, b]"),
        uses("sched/sched_switch", "", false, 0));
    assertEquals(
        List.of("a sched/sched_switch BY_NAME required [a, b]"),
        uses("sched/sched_switch", "next_pid", false, 0));
    assertEquals(
        List.of("a block/rq BY_NAME optional alternative [a, b]"),
        uses("block/*", "pfn", false, 0));
    assertEquals(
        List.of(
            "a block/rq BY_NAME optional alternative [a, b]", "c block/rq BY_NAME required [a, b]"),
        uses("block/rq", "", true, 0));
    assertEquals(List.of(), uses("sched/sched_switch", "", false, 2));
    assertEquals(
        "no registered kernel has the event sched/sched_swich; did you mean sched/sched_switch?",
        assertThrows(RegistryException.class, () -> uses("sched/sched_swich", "", false, 0))
            .getMessage());
    assertEquals(
        "sched/sched_switch never had a field \"next_pit\"; did you mean next_pid?",
        assertThrows(
                RegistryException.class, () -> uses("sched/sched_switch", "next_pit", false, 0))
            .getMessage());
    assertEquals(3, consumers.uses("sched/*", "", false, 1, 0).count());
    assertEquals(1, consumers.uses("sched/*", "", false, 1, 0).uses().size());
  }

  @Test
  void pagesFollowEachOther() {
    for (String name : List.of("c", "a", "b")) {
      consumers.declare(byName(name, "1", "block/rq"), List.of(), false, false);
    }
    assertEquals(
        List.of("a", "b"),
        consumers.list("", false, 0, 2, 0).stream().map(c -> c.consumer().name()).toList());
    assertEquals(
        List.of("c"),
        consumers.list("", false, 2, 2, 0).stream().map(c -> c.consumer().name()).toList());
  }

  @Test
  void aReplayAndAnImportAnswerTheSame() throws Exception {
    consumers.declare(byName("t", "1", "block/rq", "pfn"), List.of(), false, false);
    consumers.declare(byName("t", "2", "block/rq", "pfn"), List.of("1"), false, false);
    consumers.withdraw("t", "2", "x");
    ByteArrayOutputStream exported = new ByteArrayOutputStream();
    registry.export(exported, 0);
    try (LogRegistry replayed = open();
        LogRegistry imported = new LogRegistry(new MemoryStore(), RegistryLimits.DEFAULT, "test")) {
      imported.importFrom(new ByteArrayInputStream(exported.toByteArray()));
      for (long revision = 1; revision <= registry.head(); revision++) {
        List<Claim> claims = consumers.list("", true, 0, 10, revision);
        assertEquals(claims, replayed.consumers().list("", true, 0, 10, revision));
        assertEquals(claims, imported.consumers().list("", true, 0, 10, revision));
      }
      assertEquals(registry.changes(0, 10), replayed.changes(0, 10));
    }
  }

  @Test
  void theRegistryHoldsSoManyVersionsAndNoMore() {
    ClaimSettings two =
        new ClaimSettings(
            ClaimSettings.DEFAULT.lapse(), ClaimSettings.DEFAULT.delay(), 2, 1_000_000);
    try (LogRegistry small =
        new LogRegistry(new MemoryStore(), RegistryLimits.DEFAULT, two, clock, "test")) {
      for (String version : List.of("1", "2")) {
        small.consumers().declare(byName("t", version, "a/b"), List.of(), true, false);
      }
      RegistryException refused =
          refusal(() -> small.consumers().declare(byName("t", "3", "a/b"), List.of(), true, false));
      assertEquals(RegistryException.Code.RESOURCE_EXHAUSTED, refused.code());
      assertEquals("tracery.claims.max-versions", refused.subject());
      assertTrue(
          small.consumers().declare(byName("t", "1", "a/c"), List.of(), true, false).changed());
    }
  }

  private List<String> uses(String event, String field, boolean ended, long revision) {
    return consumers.uses(event, field, ended, 100, revision).uses().stream()
        .map(use ->
            String.join(
                " ",
                Stream.of(
                        use.claim().consumer().name(),
                        String.valueOf(use.use().event()),
                        use.use().access().name(),
                        use.optional() ? "optional" : "required",
                        use.hasAlternatives() ? "alternative" : "",
                        use.series().toString())
                    .filter(part -> !part.isEmpty())
                    .toList()))
        .toList();
  }

  private static String summary(Claim claim) {
    assertTrue(claim.created().isAfter(Instant.EPOCH));
    return claim.consumer().version() + " " + claim.state() + " " + claim.endedBy();
  }

  private static RegistryException refusal(Runnable call) {
    return assertThrows(RegistryException.class, call::run);
  }
}
