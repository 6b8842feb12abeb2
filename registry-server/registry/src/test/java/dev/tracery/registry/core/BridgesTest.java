package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Layouts.Bridged;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.store.MemoryStore;
import dev.tracery.translator.BridgedField;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.EventReading;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What tools are told where bridges fill what their kernel does not have.
class BridgesTest {

  private static final EventName ONE = EventName.parse("a/one");
  private static final TestKernel OLD = TestKernel.of("5.10", "a/one: u64 page; int lru");
  private static final TestKernel NEW = TestKernel.of("6.1", "a/one: u64 folio; int lru; int more");

  private final MemoryStore store = new MemoryStore();
  private final InstalledBridges bridges = new InstalledBridges(Duration.ofSeconds(10));
  private final LogRegistry registry =
      new LogRegistry(
          store,
          bridges,
          RegistryLimits.DEFAULT,
          ClaimSettings.DEFAULT,
          NegotiationSettings.DEFAULT,
          InstantSource.system(),
          "test");

  private void install(String bundle, int ranking, BridgedField... fields) {
    bridges.add(bundle, bundle.hashCode(), ranking, bundle, "1.0.0", () -> List.of(fields));
  }

  private static BridgedField page(String source) {
    return BridgedField.renamed("a/one", "page", source);
  }

  private static EventUse use(AccessClass access, String... fields) {
    return new EventUse(
        ONE,
        access,
        Stream.of(fields)
            .map(name -> new FieldUse(List.of(name.split("\\|")), false, false, 0, null, false))
            .toList(),
        false,
        "",
        null,
        List.of(),
        "",
        null);
  }

  private static Question question(TestKernel kernel, Requirement... requirements) {
    return new Question(
        new Consumer("tool", "1.0", "", List.of(requirements)),
        kernel.identity(),
        kernel.events().stream()
            .map(event ->
                new SeenEvent(
                    event.name(), event.id(), event.hash(kernel.identity().target()), null))
            .toList(),
        false);
  }

  private Answer ask(TestKernel kernel, String... fields) {
    Question question =
        question(kernel, new Requirement(List.of(use(AccessClass.BY_NAME, fields)), false));
    Answer answer = registry.negotiation().negotiate(question);
    assertEquals(
        Optional.of(answer), registry.negotiation().negotiateFromMemory(question), "from memory");
    return answer;
  }

  private static String told(Answer answer) {
    StringBuilder text = new StringBuilder(answer.outcome().toString());
    for (RequirementFit fit : answer.requirements()) {
      text.append('\n').append(fit.reason()).append(": ").append(fit.explanation());
      for (FieldFit field : fit.fields()) {
        text.append("\n  ").append(field.name()).append(' ').append(field.reason());
        text.append(field.usable() ? "" : ", not usable");
      }
    }
    return text.toString();
  }

  private static EventReading reading(Answer answer) {
    try {
      return EventReading.parseFrom(answer.events().getFirst().message());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  /// `offset -> number name`, of the fields that the plan fills.
  private static List<String> moves(EventReading reading) {
    var message = reading.getFile().getMessageType(0);
    return reading.getDecodePlan().getOperationsList().stream()
        .map((DecodeOperation operation) ->
            operation.getOffset()
                + " -> "
                + operation.getFieldNumber()
                + " "
                + message.getFieldList().stream()
                    .filter(field -> field.getNumber() == operation.getFieldNumber())
                    .findFirst()
                    .orElseThrow()
                    .getName())
        .toList();
  }

  @Test
  void a_renamed_field_is_filled_while_the_bridge_is_there() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    String refused =
        """
        REJECTED
        MISSING: a/one has no field page
          page MISSING, not usable
          lru EXACT\
        """;
    assertEquals(refused, told(ask(NEW, "page", "lru")));

    install("bridge", 0, page("folio"));
    Answer answer = ask(NEW, "page", "lru");
    assertEquals(
        """
        ACCEPTED
        BRIDGED: bridged from folio by bridge
          page BRIDGED
          lru EXACT\
        """,
        told(answer));
    EventReading reading = reading(answer);
    assertEquals(3, reading.getSchemaVersion());
    assertEquals(3, reading.getDecodePlan().getSchemaVersion());
    assertEquals(
        List.of("8 -> 3 folio", "16 -> 2 lru", "20 -> 4 more", "8 -> 1 page"), moves(reading));

    bridges.remove("bridge");
    assertEquals(refused, told(ask(NEW, "page", "lru")));
  }

  @Test
  void the_version_with_the_filled_field_is_in_the_log_once() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    assertEquals(2, registry.head());
    install("bridge", 0, page("folio"));
    assertEquals(3, ask(NEW, "page").revision());
    assertEquals(3, ask(NEW, "page", "more").revision());
    assertEquals(
        3,
        registry
            .schema(ONE, new SchemaSelector.ByVersion(3), Set.of(SchemaPart.DESCRIPTOR), 0)
            .version());
    // Who reads the kernel itself, without a bridge, is not concerned.
    assertEquals(
        2,
        registry
            .schema(
                ONE,
                new SchemaSelector.ByKernel(NEW.identity().release()),
                Set.of(SchemaPart.DESCRIPTOR),
                0)
            .version());
    assertEquals(2, reading(ask(NEW, "lru")).getSchemaVersion());
    assertEquals(1, reading(ask(OLD, "page")).getSchemaVersion());

    try (LogRegistry replayed = new LogRegistry(store, RegistryLimits.DEFAULT, "test")) {
      assertEquals(3, replayed.head());
      assertEquals(
          registry.schema(ONE, new SchemaSelector.Latest(), Set.of(SchemaPart.PROTO), 0).proto(),
          replayed.schema(ONE, new SchemaSelector.Latest(), Set.of(SchemaPart.PROTO), 0).proto());
    }
  }

  @Test
  void a_field_that_the_kernel_has_is_not_bridged() {
    OLD.registerIn(registry, "");
    install("bridge", 0, page("lru"));
    assertEquals("ACCEPTED\nEXACT: \n  page EXACT", told(ask(OLD, "page")));
    assertEquals(List.of("8 -> 1 page", "16 -> 2 lru"), moves(reading(ask(OLD, "page"))));
    NEW.registerIn(registry, "");
    // A name that is there goes before one that is filled.
    assertEquals("ACCEPTED\nEXACT: \n  folio EXACT", told(ask(NEW, "page|folio")));
  }

  @Test
  void a_field_that_no_kernel_ever_had_is_not_filled() {
    NEW.registerIn(registry, "");
    install("bridge", 0, page("folio"));
    assertEquals(
        """
        REJECTED
        MISSING: a/one has no field page; bridge would fill it, but no kernel that the registry \
        knows has a field page
          page MISSING, not usable\
        """,
        told(ask(NEW, "page")));
    // Until one comes.
    OLD.registerIn(registry, "");
    assertEquals(RunOutcome.ACCEPTED, ask(NEW, "page").outcome());
  }

  @Test
  void a_bridge_with_a_wrong_source_says_why_it_does_not_help() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    install("bridge", 0, page("folios"));
    assertEquals(
        """
        REJECTED
        MISSING: a/one has no field page; bridge would fill it, but there is no field folios
          page MISSING, not usable\
        """,
        told(ask(NEW, "page")));
    assertEquals(
        2,
        registry
            .schema(ONE, new SchemaSelector.Latest(), Set.of(SchemaPart.DESCRIPTOR), 0)
            .version(),
        "nothing was learned of it");
  }

  @Test
  void of_two_bridges_the_higher_ranking_fills_and_the_other_follows() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    install("low", 1, page("lru"));
    install("high", 2, page("folio"));
    assertEquals(
        "bridged from folio by high", ask(NEW, "page").requirements().getFirst().explanation());
    bridges.remove("high");
    assertEquals(
        "bridged from lru by low", ask(NEW, "page").requirements().getFirst().explanation());
    install("broken", 3, page("nothing"));
    assertEquals(
        "bridged from lru by low", ask(NEW, "page").requirements().getFirst().explanation());
  }

  @Test
  void only_who_reads_by_name_is_helped() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    install("bridge", 0, page("folio"));
    Answer answer =
        registry
            .negotiation()
            .negotiate(
                question(
                    NEW, new Requirement(List.of(use(AccessClass.POSITIONAL, "page")), false)));
    assertEquals(RunOutcome.REJECTED, answer.outcome());
  }

  @Test
  void verdicts_on_kernels_do_not_depend_on_bridges() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    install("bridge", 0, page("folio"));
    Consumer tool =
        new Consumer(
            "tool",
            "1.0",
            "",
            List.of(new Requirement(List.of(use(AccessClass.BY_NAME, "page")), false)));
    assertEquals(
        RunOutcome.REJECTED,
        registry.compatibility().canRunOn(tool, NEW.identity().release(), 0).outcome());
  }

  @Test
  void an_optional_field_that_is_filled_degrades_nothing() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    Question question =
        question(
            NEW,
            new Requirement(List.of(use(AccessClass.BY_NAME, "more")), false),
            new Requirement(List.of(use(AccessClass.BY_NAME, "page")), true));
    assertEquals(RunOutcome.DEGRADED, registry.negotiation().negotiate(question).outcome());
    install("bridge", 0, page("folio"));
    Answer answer = registry.negotiation().negotiate(question);
    assertEquals(RunOutcome.ACCEPTED, answer.outcome());
    assertEquals(
        List.of("8 -> 3 folio", "16 -> 2 lru", "20 -> 4 more", "8 -> 1 page"),
        moves(reading(answer)));
  }

  @Test
  void whoTranslatesIsToldWhatIsFilled() {
    OLD.registerIn(registry, "");
    NEW.registerIn(registry, "");
    var target = NEW.identity().target();
    var layout = NEW.events().getFirst().hash(target);
    assertEquals(Optional.empty(), registry.layouts().bridged(ONE, layout));
    install("bridge", 0, page("folio"));
    assertEquals(
        Optional.of(new Bridged(3, List.of(page("folio")))),
        registry.layouts().bridged(ONE, layout));
    assertEquals(
        Optional.empty(),
        registry.layouts().bridged(ONE, OLD.events().getFirst().hash(target)),
        "the old kernel has the field");
    assertTrue(registry.translators().bridges().getFirst().problem().isEmpty());
  }
}
