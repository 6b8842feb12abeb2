package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.TextFormat;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.registry.Compatibility.RequirementFit;
import dev.tracery.registry.Compatibility.RunOutcome;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.Reading;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.RegistryException;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.Requirement;
import dev.tracery.v1.WordSize;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class NegotiationCallsTest {

  private static final EventName EVENT = EventName.parse("sched/sched_switch");

  private static final NegotiateRequest GOOD =
      NegotiateRequest.newBuilder()
          .setTool(
              Consumer.newBuilder()
                  .setName("offcputime")
                  .setVersion("0.31.0")
                  .addRequirements(
                      Requirement.newBuilder()
                          .addAnyOf(
                              EventUse.newBuilder()
                                  .setEvent(EVENT.toString())
                                  .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
                                  .addFields(FieldUse.newBuilder().addNames("prev_pid")))))
          .setKernel(
              dev.tracery.v1.KernelIdentity.newBuilder()
                  .setRelease("6.1")
                  .setMachine("x86_64")
                  .setWordSize(WordSize.WORD_SIZE_64)
                  .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
                  .setPageSize(4096))
          .addEvents(seen(EVENT.toString()))
          .build();

  private static final EventReading READING =
      EventReading.newBuilder()
          .setEvent(EVENT.toString())
          .setSchemaVersion(3)
          .setMessageName("linux.sched.SchedSwitch")
          .build();

  private static final Answer ANSWER =
      new Answer(
          RunOutcome.DEGRADED,
          List.of(
              new RequirementFit(
                  RunOutcome.DEGRADED,
                  0,
                  FitReason.EXACT,
                  "",
                  List.of(new FieldFit("prev_pid", FitReason.MISSING, false, "gone")))),
          List.of(new Reading(EVENT, FakeRegistry.KNOWN, 3, READING.toByteString())),
          List.of(EventName.parse("a/b")),
          Optional.of("0123456789abcdef"),
          Duration.ofSeconds(90),
          7);

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  private static dev.tracery.v1.SeenEvent.Builder seen(String event) {
    return dev.tracery.v1.SeenEvent.newBuilder()
        .setEvent(event)
        .setId(319)
        .setLayoutHash(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()));
  }

  private NegotiateResponse ask(NegotiateRequest request) {
    return NegotiationServiceGrpc.newBlockingStub(server.channel)
        .withDeadlineAfter(30, TimeUnit.SECONDS)
        .negotiate(request);
  }

  @Test
  void question_and_answer_are_whole() throws Exception {
    server.registry.negotiation.answer.set(ANSWER);
    NegotiateResponse expected =
        TextFormat.parse(
                """
                outcome: RUN_OUTCOME_DEGRADED
                requirements {
                  outcome: RUN_OUTCOME_DEGRADED
                  reason: FIT_REASON_EXACT
                  fields { name: "prev_pid" reason: FIT_REASON_MISSING explanation: "gone" }
                }
                need_formats: "a/b"
                kernel: "0123456789abcdef"
                api_versions: "tracery.v1"
                cache_for { seconds: 90 }
                revision: 7
                """,
                NegotiateResponse.class)
            .toBuilder()
            .addEvents(READING)
            .build();
    assertEquals(expected, ask(GOOD));
    dev.tracery.consumer.Consumer tool =
        new dev.tracery.consumer.Consumer(
            "offcputime",
            "0.31.0",
            "",
            List.of(
                new dev.tracery.consumer.Requirement(
                    List.of(
                        new dev.tracery.consumer.EventUse(
                            EVENT,
                            dev.tracery.consumer.AccessClass.BY_NAME,
                            List.of(
                                new dev.tracery.consumer.FieldUse(
                                    List.of("prev_pid"), false, false, 0, null, false)),
                            false,
                            "",
                            null,
                            List.of(),
                            "",
                            null)),
                    false)));
    assertEquals(
        new Question(
            tool,
            new KernelIdentity("6.1", "", "x86_64", Target.LITTLE_64, 4096),
            List.of(new SeenEvent(EVENT, 319, FakeRegistry.KNOWN, null)),
            false),
        server.registry.negotiation.question.get());
  }

  @Test
  void what_is_in_memory_is_answered_at_once_and_the_rest_on_a_thread_of_its_own() {
    server.registry.negotiation.answer.set(ANSWER);
    ask(GOOD);
    Thread slow = Objects.requireNonNull(server.registry.negotiation.answeredOn.get());
    assertTrue(slow.isVirtual(), slow.toString());
    server.registry.negotiation.isInMemory = true;
    ask(GOOD);
    Thread quick = Objects.requireNonNull(server.registry.negotiation.answeredOn.get());
    assertFalse(quick.isVirtual(), quick.toString());
    assertEquals(List.of("negotiate offcputime"), server.registry.asked);
  }

  @Test
  void a_refusal_names_what_is_exhausted() {
    server.registry.failure =
        new RegistryException(
            RegistryException.Code.RESOURCE_EXHAUSTED, "tracery.limits.learned-layouts", "full");
    assertEquals(
        """
        RESOURCE_EXHAUSTED: full
        ErrorInfo { reason: "LIMIT_EXCEEDED" domain: "tracery.dev" }
        QuotaFailure { violations { subject: "tracery.limits.learned-layouts" description: "full" } }
        """,
        TestServer.refusal(() -> ask(GOOD)));
  }

  /// @param field that the refusal names
  record Bad(String what, NegotiateRequest request, String field, String description) {
    @Override
    public String toString() {
      return what;
    }
  }

  static List<Bad> bad() {
    NegotiateRequest.Builder many = GOOD.toBuilder().clearEvents();
    for (int i = 0; i < 10_000; i++) {
      many.addEvents(seen("a/b" + i));
    }
    NegotiateRequest.Builder needy = GOOD.toBuilder();
    for (int i = 0; i < 1_000; i++) {
      needy.getToolBuilder().addRequirements(GOOD.getTool().getRequirements(0));
    }
    NegotiateRequest.Builder steering = GOOD.toBuilder();
    steering.getToolBuilder().setName("off\u001b[2Jcpu");
    NegotiateRequest.Builder nowhere = GOOD.toBuilder();
    nowhere.getKernelBuilder().clearWordSize();
    return List.of(
        new Bad(
            "10,000 events",
            many.build(),
            "events",
            "at most 1000 are allowed, not 10000; send those that the tool names"),
        new Bad(
            "1,001 requirements",
            needy.build(),
            "tool.requirements",
            "at most 1000 are allowed, not 1001"),
        new Bad(
            "a name with control characters",
            steering.build(),
            "tool.name",
            "cannot contain the character U+001B, at position 4"),
        new Bad(
            "no name",
            GOOD.toBuilder().setTool(GOOD.getTool().toBuilder().clearName()).build(),
            "tool.name",
            "expected a tool's name but found nothing"),
        new Bad(
            "no event",
            GOOD.toBuilder().addEvents(seen("sched")).build(),
            "events[1].event",
            "expected system/name but found \"sched\", which has no '/'"),
        new Bad(
            "an event twice",
            GOOD.toBuilder().addEvents(seen(EVENT.toString())).build(),
            "events[1].event",
            "sched/sched_switch is given more than once"),
        new Bad(
            "a hash that is too short",
            GOOD.toBuilder()
                .addEvents(seen("a/b").setLayoutHash(ByteString.copyFromUtf8("x")))
                .build(),
            "events[1].layout_hash",
            "expected a SHA-256 of 32 bytes but found 1 bytes"),
        new Bad(
            "an id that no record can hold",
            GOOD.toBuilder().addEvents(seen("a/b").setId(65_536)).build(),
            "events[1].id",
            "expected 0 to 65535 but found 65536"),
        new Bad(
            "no word size",
            nowhere.build(),
            "kernel.word_size",
            "expected WORD_SIZE_32 or WORD_SIZE_64 but found 0"));
  }

  @ParameterizedTest
  @MethodSource("bad")
  void what_is_wrong_is_named_and_the_registry_is_not_asked(Bad bad) {
    server.registry.negotiation.answer.set(ANSWER);
    server.registry.negotiation.isInMemory = true;
    String refusal = TestServer.refusal(() -> ask(bad.request));
    assertEquals(
        "INVALID_ARGUMENT: " + bad.field + ": " + bad.description,
        refusal.lines().findFirst().get());
    assertTrue(refusal.contains("field: \"" + bad.field + "\""), refusal);
    assertEquals(null, server.registry.negotiation.question.get());
  }

  @Test
  void an_unknown_version_of_the_api_is_refused_with_both_lists() {
    assertEquals(
        """
        FAILED_PRECONDITION: api_versions: the server speaks tracery.v1 but the caller only tracery.v9, tracery.v8
        ErrorInfo { reason: "STATE_UNSUITABLE" domain: "tracery.dev" }
        PreconditionFailure { violations { type: "API_VERSION" subject: "api_versions" description: "api_versions: the server speaks tracery.v1 but the caller only tracery.v9, tracery.v8" } }
        """,
        TestServer.refusal(() ->
            ask(
                GOOD.toBuilder()
                    .addApiVersions("tracery.v9")
                    .addApiVersions("tracery.v8")
                    .build())));
    server.registry.negotiation.answer.set(ANSWER);
    assertEquals(
        7,
        ask(GOOD.toBuilder().addApiVersions("tracery.v9").addApiVersions("tracery.v1").build())
            .getRevision());
  }
}
