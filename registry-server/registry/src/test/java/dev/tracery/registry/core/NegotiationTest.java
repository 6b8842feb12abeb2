package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Negotiation;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry.RegistryChange;
import dev.tracery.registry.Registry.SchemaPart;
import dev.tracery.registry.Registry.SchemaSelector;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.bridge.InstalledBridges;
import dev.tracery.registry.policy.RequirementEvaluator;
import dev.tracery.store.StoreException;
import dev.tracery.v1.EventReading;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What tools are told when they start.
class NegotiationTest {

  private static final TestKernel KERNEL =
      TestKernel.of("6.1", "a/one: int x; u64 y", "a/two: int x", "b/three: int z");
  private static final NegotiationSettings SETTINGS =
      new NegotiationSettings(3, 1 << 20, Duration.ofMinutes(5));

  private final FlakyStore store = new FlakyStore();
  private final LogRegistry registry = registry();
  private final List<String> observed = new ArrayList<>();

  private LogRegistry registry() {
    return new LogRegistry(
        store,
        new InstalledBridges(),
        RegistryLimits.DEFAULT,
        ClaimSettings.DEFAULT,
        SETTINGS,
        InstantSource.system(),
        "test");
  }

  /// Of what is in the store now.
  private Negotiation negotiation() {
    FormatCompiler compiler = new FormatCompiler();
    return new LogNegotiation(
        new Log(store),
        tool -> observed.add(tool.name()),
        compiler,
        new StoredLayouts(store, compiler),
        new RequirementEvaluator(),
        SETTINGS,
        new InstalledBridges());
  }

  private static Requirement needs(String event, String... fields) {
    return new Requirement(List.of(use(event, fields)), false);
  }

  private static Requirement likes(String event, String... fields) {
    return new Requirement(List.of(use(event, fields)), true);
  }

  private static EventUse use(String event, String... fields) {
    return new EventUse(
        EventName.parse(event),
        AccessClass.BY_NAME,
        Stream.of(fields)
            .map(name -> new FieldUse(List.of(name), false, false, 0, null, false))
            .toList(),
        false,
        "",
        null,
        List.of(),
        "",
        null);
  }

  private static EventUse pinned(String kernel) {
    return new EventUse(
        null, AccessClass.PINNED_KERNEL, List.of(), false, "", null, List.of(), kernel, null);
  }

  private static Question question(TestKernel on, Requirement... requirements) {
    return question("tool", on, requirements);
  }

  /// A start of a tool that sees all events of a kernel.
  private static Question question(String tool, TestKernel on, Requirement... requirements) {
    return new Question(
        new Consumer(tool, "1.0", "", List.of(requirements)),
        on.identity(),
        on.events().stream()
            .map(event ->
                new SeenEvent(event.name(), event.id(), event.hash(on.identity().target()), null))
            .toList(),
        false);
  }

  /// The same question with the texts that were asked for.
  private static Question withTexts(Question question, TestKernel on, Answer answer) {
    return new Question(
        question.tool(),
        question.kernel(),
        question.seen().stream()
            .map(seen ->
                answer.needFormats().contains(seen.event())
                    ? new SeenEvent(
                        seen.event(), seen.id(), seen.layoutHash(), text(on, seen.event()))
                    : seen)
            .toList(),
        question.dryRun());
  }

  private static byte[] text(TestKernel kernel, EventName event) {
    return kernel.events().stream()
        .filter(known -> known.name().equals(event))
        .findFirst()
        .orElseThrow()
        .text();
  }

  private static String reasons(Answer answer) {
    StringBuilder text = new StringBuilder(answer.outcome() + "\n");
    answer
        .requirements()
        .forEach(fit -> {
          text.append(fit.outcome()).append(' ').append(fit.reason()).append('\n');
          fit.fields()
              .forEach(field ->
                  text.append("  ")
                      .append(field.name())
                      .append(' ')
                      .append(field.reason())
                      .append('\n'));
        });
    return text.toString();
  }

  private static EventReading reading(Answer answer, int index)
      throws InvalidProtocolBufferException {
    return EventReading.parseFrom(answer.events().get(index).message());
  }

  private String refusal(Question question) {
    long before = store.head();
    RegistryException refused =
        assertThrows(RegistryException.class, () -> negotiation().negotiate(question));
    assertEquals(before, store.head());
    return refused.code() + " " + refused.subject() + ": " + refused.getMessage();
  }

  @Test
  void a_tool_is_told_how_to_read_each_event_of_a_kernel_that_is_known() throws Exception {
    String id = KERNEL.registerIn(registry, "").kernel().id();
    Answer answer =
        negotiation().negotiate(question(KERNEL, needs("a/one", "y"), needs("b/three", "z")));
    assertEquals(
        """
        ACCEPTED
        ACCEPTED EXACT
          y EXACT
        ACCEPTED EXACT
          z EXACT
        """,
        reasons(answer));
    assertEquals(Optional.of(id), answer.kernel());
    assertEquals(List.of(), answer.needFormats());
    assertEquals(Duration.ofMinutes(5), answer.cacheFor());
    assertEquals(1, answer.revision());
    assertEquals(2, answer.events().size());
    EventName one = EventName.parse("a/one");
    var schema =
        registry.schema(
            one,
            new SchemaSelector.ByKernel(id),
            Set.of(SchemaPart.DESCRIPTOR, SchemaPart.DECODE_PLAN),
            0);
    EventReading reading = reading(answer, 0);
    assertEquals("a/one", reading.getEvent());
    assertEquals(schema.version(), reading.getSchemaVersion());
    assertEquals(schema.messageName(), reading.getMessageName());
    assertEquals(
        schema.descriptorSet().orElseThrow().getFile(0).toByteString(),
        reading.getFile().toByteString());
    assertEquals(schema.decodePlan().orElseThrow(), reading.getDecodePlan());
    assertEquals(List.of("tool"), observed);
  }

  @Test
  void what_is_missing_degrades_or_rejects_and_only_the_accepted_are_observed() {
    KERNEL.registerIn(registry, "");
    Negotiation negotiation = negotiation();
    assertEquals(
        """
        DEGRADED
        ACCEPTED EXACT
          x EXACT
        DEGRADED MISSING
          q MISSING
        """,
        reasons(
            negotiation.negotiate(
                question("degraded", KERNEL, needs("a/one", "x"), likes("a/two", "q")))));
    Answer rejected =
        negotiation.negotiate(
            question("rejected", KERNEL, needs("a/one", "x"), needs("c/nothing", "q")));
    assertEquals(RunOutcome.REJECTED, rejected.outcome());
    assertEquals(
        List.of("a/one"), rejected.events().stream().map(e -> e.event().toString()).toList());
    Question dry = question("dry", KERNEL, needs("a/one", "x"));
    negotiation.negotiate(new Question(dry.tool(), dry.kernel(), dry.seen(), true));
    assertEquals(List.of("degraded"), observed);
    assertEquals(1, store.head());
  }

  @Test
  void a_layout_that_nobody_knows_is_asked_for_and_learned_for_ever() throws Exception {
    KERNEL.registerIn(registry, "");
    TestKernel other =
        TestKernel.of("6.2-unknown", "a/one: int x; u64 w", "a/two: int x", "c/new: int n");
    Question question = question(other, needs("a/one", "w"), needs("a/two", "x"));
    Answer asked = negotiation().negotiate(question);
    assertEquals(
        """
        UNKNOWN
        UNKNOWN NEED_FORMAT
        ACCEPTED EXACT
          x EXACT
        """,
        reasons(asked).replaceAll("(?m)^  \\w+ NEED_FORMAT\n", ""));
    assertEquals("[a/one]", asked.needFormats().toString());
    assertEquals(Duration.ZERO, asked.cacheFor());
    assertEquals(List.of(), observed);

    Answer answer = negotiation().negotiate(withTexts(question, other, asked));
    assertEquals(RunOutcome.ACCEPTED, answer.outcome());
    assertEquals(Optional.empty(), answer.kernel());
    assertEquals(2, answer.revision());
    EventReading reading = reading(answer, 0);
    assertEquals(2, reading.getSchemaVersion());
    assertEquals(
        List.of(
            new RegistryChange.SchemaVersionAdded(EventName.parse("a/one"), 2),
            new RegistryChange.LayoutLearned(
                EventName.parse("a/one"), question.seen().getFirst().layoutHash())),
        registry().changes(1, 10).getFirst().changes());
    assertEquals(List.of("tool"), observed);

    // After a restart, without text.
    Answer again = registry().negotiation().negotiate(dry(question));
    assertEquals(answer.events(), again.events());
    assertEquals(2, again.revision());

    // A kernel that comes later is numbered around it.
    TestKernel later = TestKernel.of("6.3", "a/one: int x; u64 v", "c/new: int n");
    later.registerIn(registry(), "");
    Answer third = negotiation().negotiate(question(later, needs("a/one", "v")));
    assertEquals(numbers(reading) + " v=4", numbers(reading(third, 0)).replace("v=4", "w=3 v=4"));
  }

  private static Question dry(Question question) {
    return new Question(question.tool(), question.kernel(), question.seen(), true);
  }

  private static String numbers(EventReading reading) {
    StringBuilder text = new StringBuilder();
    reading
        .getFile()
        .getMessageType(0)
        .getFieldList()
        .forEach(field ->
            text.append(text.isEmpty() ? "" : " ")
                .append(field.getName())
                .append('=')
                .append(field.getNumber()));
    return text.toString();
  }

  @Test
  void only_layouts_that_decide_are_asked_for() {
    KERNEL.registerIn(registry, "");
    TestKernel other = TestKernel.of("6.2", "a/one: int x; u64 y", "a/two: int x; int w");
    Requirement either = new Requirement(List.of(use("a/one", "x"), use("a/two", "w")), false);
    Answer answer = negotiation().negotiate(question(other, either));
    assertEquals(RunOutcome.ACCEPTED, answer.outcome());
    assertEquals(List.of(), answer.needFormats());
  }

  @Test
  void a_layout_of_another_event_is_stored_already_and_its_text_is_not_asked_for() {
    TestKernel twin = TestKernel.of("6.2", "x/one: int x; u64 y");
    KERNEL.registerIn(registry, "");
    Answer answer = negotiation().negotiate(question(twin, needs("x/one", "y")));
    assertEquals(RunOutcome.ACCEPTED, answer.outcome());
    assertEquals(1, answer.events().getFirst().schemaVersion());
    assertEquals(2, store.head());
  }

  @Test
  void the_same_question_of_another_tool_comes_from_memory_until_the_registry_learns() {
    KERNEL.registerIn(registry, "");
    Log log = new Log(store);
    FormatCompiler compiler = new FormatCompiler();
    Negotiation negotiation =
        new LogNegotiation(
            log,
            tool -> observed.add(tool.name()),
            compiler,
            new StoredLayouts(store, compiler),
            new RequirementEvaluator(),
            SETTINGS,
            new InstalledBridges());
    Question first = question("first", KERNEL, needs("a/one", "y"));
    assertEquals(Optional.empty(), negotiation.negotiateFromMemory(first));
    Answer answer = negotiation.negotiate(first);
    store.failure = StoreException.Reason.UNAVAILABLE;
    assertEquals(
        Optional.of(answer),
        negotiation.negotiateFromMemory(question("second", KERNEL, needs("a/one", "y"))));
    assertEquals(
        Optional.empty(),
        negotiation.negotiateFromMemory(question("third", KERNEL, needs("a/one", "x"))));
    assertEquals(List.of("first", "second"), observed);
    store.failure = null;
    TestKernel other = TestKernel.of("6.2", "a/one: int x; u64 w");
    Question news = question(other, needs("a/one", "w"));
    negotiation.negotiate(withTexts(news, other, negotiation.negotiate(news)));
    assertEquals(Optional.empty(), negotiation.negotiateFromMemory(first));
    assertEquals(answer.at(2), negotiation.negotiate(first));
  }

  @Test
  void an_answer_to_a_question_with_texts_is_remembered_without_them() {
    Negotiation negotiation = negotiation();
    TestKernel other = TestKernel.of("7.0", "z/fresh: int q");
    Question fresh = question(other, needs("z/fresh", "q"));
    Question withTexts = withTexts(fresh, other, negotiation.negotiate(fresh));
    Answer answer = negotiation.negotiate(withTexts);

    // Whether a text has the hash that is said must be found out each time.
    assertEquals(Optional.empty(), negotiation.negotiateFromMemory(withTexts));
    assertEquals(Optional.of(answer), negotiation.negotiateFromMemory(fresh));
  }

  @Test
  void a_pattern_that_is_none_is_named() {
    EventUse use =
        new EventUse(
            KERNEL.events().getFirst().name(),
            AccessClass.PRINT_TEXT,
            List.of(),
            false,
            "",
            new TextUse.Pattern("pid=("),
            List.of(),
            "",
            null);
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () ->
                registry
                    .negotiation()
                    .negotiate(question(KERNEL, new Requirement(List.of(use), false))));
    assertEquals("tool.requirements[0].any_of[0].text.pattern", refused.subject());
  }

  @Test
  void a_pinned_tool_runs_on_its_kernel_only_and_is_told_both() {
    String id = KERNEL.registerIn(registry, "").kernel().id();
    Negotiation negotiation = negotiation();
    for (String kernel : List.of("6.1", id)) {
      Requirement here = new Requirement(List.of(pinned(kernel)), false);
      assertEquals(
          RunOutcome.ACCEPTED, negotiation.negotiate(question(KERNEL, here)).outcome(), kernel);
    }
    Requirement elsewhere = new Requirement(List.of(pinned("5.10.0-46-amd64")), false);
    Answer refused = negotiation.negotiate(question(KERNEL, elsewhere));
    assertEquals("REJECTED\nREJECTED OTHER_KERNEL\n", reasons(refused));
    String why = refused.requirements().getFirst().explanation();
    assertTrue(why.contains("5.10.0-46-amd64") && why.contains("6.1"), why);
  }

  @Test
  void a_kernel_of_the_same_name_with_other_layouts_is_another_kernel() {
    KERNEL.registerIn(registry, "");
    TestKernel sibling = TestKernel.of("6.1", "a/one: int x; u64 y", "a/two: int x; int w");
    assertEquals(
        Optional.empty(), negotiation().negotiate(question(sibling, needs("a/one", "x"))).kernel());
    TestKernel part = TestKernel.of("6.1", "a/one: int x; u64 y");
    assertNotEquals(
        Optional.empty(), negotiation().negotiate(question(part, needs("a/one", "x"))).kernel());
  }

  @Test
  void a_text_of_another_hash_is_refused() {
    Question question = question(KERNEL, needs("a/one", "x"));
    SeenEvent one = question.seen().getFirst();
    byte[] text = text(KERNEL, EventName.parse("a/two"));
    assertEquals(
        "INVALID_ARGUMENT events[0].text: events[0].text: the layout of a/one was said to have the hash "
            + one.layoutHash()
            + " but its format, on a 64-bit little-endian kernel, has "
            + CanonicalForm.hash(text, Target.LITTLE_64),
        refusal(seeing(question, new SeenEvent(one.event(), one.id(), one.layoutHash(), text))));
  }

  @Test
  void a_text_that_is_no_format_is_refused_with_diagnostics() {
    byte[] text = "no format\n".getBytes(StandardCharsets.UTF_8);
    Sha256 hash = CanonicalForm.hash(text, Target.LITTLE_64);
    Question question = question(KERNEL, needs("a/one", "x"));
    RegistryException refused =
        assertThrows(
            RegistryException.class,
            () ->
                negotiation()
                    .negotiate(
                        seeing(question, new SeenEvent(EventName.parse("a/one"), 7, hash, text))));
    assertEquals(RegistryException.Code.INVALID_ARGUMENT, refused.code());
    assertEquals("a/one/format", refused.diagnostics().getFirst().location().file());
    assertEquals(0, store.head());
  }

  @Test
  void a_layout_of_another_machine_is_refused() {
    KERNEL.registerIn(registry, "");
    Question question = question(KERNEL, needs("a/one", "x"));
    KernelIdentity small =
        new KernelIdentity(
            "6.1", "", "riscv", new Target(WordSize.BITS_32, Target.LITTLE_64.byteOrder()), 4096);
    assertEquals(
        "INVALID_ARGUMENT events[0].layout_hash: events[0].layout_hash: a/one has a layout of 64-bit"
            + " little-endian kernels, but the kernel is 32-bit little-endian; is its word size or"
            + " byte order wrong?",
        refusal(new Question(question.tool(), small, question.seen(), false)));
  }

  @Test
  void no_more_layouts_are_learned_than_the_limit_allows() {
    TestKernel many =
        TestKernel.of("6.2", "a/one: int x", "a/two: int x", "a/three: int x", "a/four: int x");
    Question question =
        question(
            many,
            needs("a/one", "x"),
            needs("a/two", "x"),
            needs("a/three", "x"),
            needs("a/four", "x"));
    Answer asked = negotiation().negotiate(question);
    assertEquals(4, asked.needFormats().size());
    assertEquals(
        "RESOURCE_EXHAUSTED tracery.limits.learned-layouts: tools and traces have brought 0 layouts that no"
            + " registered kernel had, and no more than 3 are kept (tracery.limits.learned-layouts);"
            + " register the kernel \"6.2\"",
        refusal(withTexts(question, many, asked)));
  }

  private static Question seeing(Question question, SeenEvent event) {
    return new Question(question.tool(), question.kernel(), List.of(event), question.dryRun());
  }
}
