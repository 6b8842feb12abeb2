package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import com.google.rpc.PreconditionFailure;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.registry.RegistryException;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelIdentity;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.RegisterKernelHeader;
import dev.tracery.v1.RegisterKernelRequest;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.SystemNode;
import dev.tracery.v1.Tracepoint;
import dev.tracery.v1.Verdict;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class RegisterCallTest {

  private static final RegisterKernelRequest HEADER =
      RegisterKernelRequest.newBuilder()
          .setHeader(
              RegisterKernelHeader.newBuilder()
                  .setIdentity(Samples.BIG_32_MESSAGE)
                  .setSeries("debian-12"))
          .build();

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;
  private final Recorder<RegisterKernelRequest, RegisterKernelResponse> answer = Recorder.eager();

  @AfterEach
  void stop() {
    TestServer.eventually(() -> registry.openRegistrations.get() == 0);
    server.close();
  }

  @Test
  void events_in_any_split_become_one_registration() {
    registry.warnings.add(
        new Diagnostic(
            Severity.WARNING, "ODD", SourceLocation.inText("a/b/format", 1, 2, 3), "odd", ""));
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(events(text("sched/a", 1, "name: a"), known("sched/b", 2)));
    stream.onNext(events());
    stream.onNext(
        events(text("sched/c", 3, "n").toBuilder().setLayoutHash(Samples.HASH_BYTES).build()));
    stream.onCompleted();

    assertNull(answer.end());
    assertEquals(
        List.of(
            RegisterKernelResponse.newBuilder()
                .setKernel(
                    Kernel.newBuilder()
                        .setId("0123456789abcdef")
                        .setIdentity(Samples.BIG_32_MESSAGE)
                        .setManifestFingerprint(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()))
                        .addSeries("debian-12")
                        .setEventCount(3)
                        .setSystemCount(1)
                        .setRevision(1)
                        .setRegisterTime(Timestamp.newBuilder().setSeconds(7)))
                .setRevision(1)
                .setCreated(true)
                .setNewLayouts(1)
                .setNewSchemaVersions(2)
                .addDiagnostics(
                    dev.tracery.v1.Diagnostic.newBuilder()
                        .setSeverity(dev.tracery.v1.Severity.SEVERITY_WARNING)
                        .setCode("ODD")
                        .setFile("a/b/format")
                        .setLine(1)
                        .setColumn(2)
                        .setByteOffset(3)
                        .setMessage("odd"))
                .setDiagnosticCount(3000)
                .build()),
        answer.received());
    assertEquals(
        List.of(
            "sched/a 1 sched/a/format 7 false",
            "sched/b 2 true",
            "sched/c 3 sched/c/format 1 true"),
        registry.registered);
  }

  @Test
  void types_may_come_between_events_in_any_split() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setTypes(KernelTypes.newBuilder().addTracepoints(Tracepoint.getDefaultInstance()))
            .build());
    stream.onNext(events(known("sched/b", 2)));
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setTypes(KernelTypes.newBuilder().addStructs(EventStruct.getDefaultInstance()))
            .build());
    stream.onCompleted();

    assertNull(answer.end());
    assertEquals(List.of("types 1 0", "sched/b 2 true", "types 0 1"), registry.registered);
  }

  @Test
  void systems_stand_for_their_events() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setEvents(
                EventFormats.newBuilder()
                    .addEvents(known("sched/b", 2))
                    .addSystems(
                        SystemNode.newBuilder()
                            .setSystem("irq")
                            .setHash(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()))
                            .setFirstId(7)))
            .build());
    stream.onCompleted();

    assertNull(answer.end());
    assertEquals(List.of("sched/b 2 true", "irq 7 true"), registry.registered);
  }

  @Test
  void a_system_without_a_hash_or_with_an_impossible_id_is_refused() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(
        RegisterKernelRequest.newBuilder()
            .setEvents(
                EventFormats.newBuilder()
                    .addSystems(SystemNode.newBuilder().setSystem("irq").setFirstId(-1))
                    .addSystems(SystemNode.newBuilder().setSystem("a\nb")))
            .build());
    stream.onCompleted();

    String refusal = answer.refusal();
    for (String expected :
        List.of(
            "events.systems[0].hash\" description: \"expected a SHA-256 of 32 bytes but found 0",
            "events.systems[0].first_id\" description: \"irq: no event has the id 4294967295",
            "events.systems[1].system\" description: \"has the control character U+000A")) {
      assertTrue(refusal.contains(expected), refusal);
    }
    assertEquals(List.of(), registry.registered);
  }

  @Test
  void validation_alone_stores_nothing() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(
        HEADER.toBuilder().setHeader(HEADER.getHeader().toBuilder().setValidateOnly(true)).build());
    stream.onCompleted();
    assertNull(answer.end());
    assertEquals(List.of("register 6.1.0-32-powerpc debian-12", "finish true"), registry.asked);
  }

  @Test
  void a_stream_without_a_header_is_refused() {
    server.streams().registerKernel(answer).onCompleted();
    assertRefused("header", "the stream ended without one; send the header first, then events");
  }

  @Test
  void events_before_the_header_are_refused() {
    server.streams().registerKernel(answer).onNext(events(known("a/b", 1)));
    assertRefused("header", "the first message must carry it, but carries events");
  }

  @Test
  void an_empty_first_message_is_refused() {
    server.streams().registerKernel(answer).onNext(RegisterKernelRequest.getDefaultInstance());
    assertRefused("header", "the first message must carry it, but carries nothing");
  }

  @Test
  void a_second_header_is_refused() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(HEADER);
    assertRefused(
        "events",
        "every message after the first must carry events or types, but message 2 carries a second header");
  }

  @Test
  void every_field_of_a_bad_header_is_named() {
    server
        .streams()
        .registerKernel(answer)
        .onNext(
            RegisterKernelRequest.newBuilder()
                .setHeader(
                    RegisterKernelHeader.newBuilder()
                        .setIdentity(
                            KernelIdentity.newBuilder()
                                .setBuild("a\nb")
                                .setWordSizeValue(9)
                                .setPageSize(5000)))
                .build());
    String refusal = answer.refusal();
    for (String field :
        List.of("release", "build", "machine", "word_size", "byte_order", "page_size")) {
      assertTrue(refusal.contains("field: \"header.identity." + field + "\""), refusal);
    }
    assertTrue(
        refusal.startsWith(
            "INVALID_ARGUMENT: header.identity.release: must not be empty; it is what `uname -r`"
                + " prints (and 5 more)\n"),
        refusal);
  }

  @Test
  void a_series_with_other_characters_is_refused() {
    server
        .streams()
        .registerKernel(answer)
        .onNext(
            RegisterKernelRequest.newBuilder()
                .setHeader(HEADER.getHeader().toBuilder().setSeries("a/b"))
                .build());
    assertRefused(
        "header.series", "expected up to 200 letters, digits and `._+~-` but found \\\"a/b\\\"");
  }

  @Test
  void every_bad_event_of_a_message_is_named() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(
        events(
            known("a/b", 1),
            EventFormat.newBuilder().setEvent("a/c").build(),
            text("../x", -1, "x"),
            known("a/d", 1).toBuilder().setLayoutHash(ByteString.copyFromUtf8("z")).build()));
    assertEquals(
        "INVALID_ARGUMENT: events.events[1].layout_hash: a/c: needed where `text` is empty (and 3"
            + " more)\n"
            + "ErrorInfo { reason: \"REQUEST_INVALID\" domain: \"tracery.dev\" }\n"
            + "BadRequest { field_violations { field: \"events.events[1].layout_hash\" description:"
            + " \"a/c: needed where `text` is empty\" } field_violations { field:"
            + " \"events.events[2].event\" description: \"an event\\'s system cannot be \\\"..\\\"\" }"
            + " field_violations { field: \"events.events[2].id\" description: \"none/none: no event"
            + " has the id 4294967295\" } field_violations { field: \"events.events[3].layout_hash\""
            + " description: \"expected a SHA-256 of 32 bytes but found 1 bytes\" } }\n",
        answer.refusal());
    assertEquals(List.of("register 6.1.0-32-powerpc debian-12"), registry.asked);
  }

  @Test
  void the_registrys_limit_ends_the_stream_while_it_arrives() {
    registry.byteLimit = 10_000_000;
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    RegisterKernelRequest half = events(text("sched/a", 1, "x".repeat(1 << 19)));
    for (int i = 0; i < 100; i++) {
      stream.onNext(half);
    }
    assertEquals(
        """
        RESOURCE_EXHAUSTED: the formats have more than 10000000 bytes
        ErrorInfo { reason: "LIMIT_EXCEEDED" domain: "tracery.dev" }
        QuotaFailure { violations { subject: "registration" description: "the formats have more than 10000000 bytes" } }
        """,
        answer.refusal());
    assertEquals(List.of(), registry.registered);
  }

  @Test
  void forty_megabytes_in_messages_of_half_a_megabyte_are_taken() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    for (int i = 0; i < 80; i++) {
      stream.onNext(events(text("sched/e" + i, i, "x".repeat(1 << 19))));
    }
    stream.onCompleted();
    assertNull(answer.end());
    assertEquals(80, registry.registered.size());
  }

  @Test
  void cancelling_drops_the_registration() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    stream.onNext(events(known("a/b", 1)));
    TestServer.eventually(() -> registry.openRegistrations.get() == 1);
    answer.cancel();
    TestServer.eventually(() -> registry.openRegistrations.get() == 0);
    assertEquals(List.of("register 6.1.0-32-powerpc debian-12"), registry.asked);
  }

  @Test
  void a_deadline_drops_the_registration() {
    StreamObserver<RegisterKernelRequest> stream =
        server.streams().withDeadlineAfter(500, TimeUnit.MILLISECONDS).registerKernel(answer);
    stream.onNext(HEADER);
    assertEquals(
        Status.Code.DEADLINE_EXCEEDED,
        Status.fromThrowable(Objects.requireNonNull(answer.end())).getCode());
    TestServer.eventually(() -> registry.openRegistrations.get() == 0);
    assertEquals(List.of(), registry.registered);
  }

  @Test
  void a_stream_that_brings_nothing_is_dropped() {
    try (TestServer impatient =
        new TestServer(
            new ServerOptions(
                1 << 20,
                64,
                3,
                Duration.ZERO,
                Duration.ofSeconds(1),
                Duration.ofSeconds(1),
                Duration.ofMillis(10)))) {
      StreamObserver<RegisterKernelRequest> stream = impatient.streams().registerKernel(answer);
      stream.onNext(HEADER);
      assertEquals(
          """
          DEADLINE_EXCEEDED: the stream brought nothing for 1 s and was dropped
          ErrorInfo { reason: "STREAM_STALLED" domain: "tracery.dev" }
          """,
          answer.refusal());
      TestServer.eventually(() -> impatient.registry.openRegistrations.get() == 0);
    }
  }

  @Test
  void more_registrations_than_there_are_places_for_are_told_to_wait() {
    List<Recorder<RegisterKernelRequest, RegisterKernelResponse>> first = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      first.add(Recorder.eager());
      server.streams().registerKernel(first.getLast()).onNext(HEADER);
    }
    TestServer.eventually(() -> registry.openRegistrations.get() == 3);
    server.streams().registerKernel(answer).onNext(HEADER);
    assertEquals(
        """
        RESOURCE_EXHAUSTED: the server's 3 places for registrations and imports are taken; try again
        ErrorInfo { reason: "WRITERS_BUSY" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """,
        answer.refusal());
    first.forEach(Recorder::cancel);
  }

  @Test
  void what_the_registry_finds_at_the_end_is_told() {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    TestServer.eventually(() -> registry.openRegistrations.get() == 1);
    registry.failure =
        new RegistryException(
            RegistryException.Code.FAILED_PRECONDITION, "layout 12ab", "a layout is not known");
    stream.onCompleted();
    assertTrue(
        answer.refusal().startsWith("FAILED_PRECONDITION: a layout is not known\n"),
        answer.refusal());
  }

  @Test
  void a_kernel_that_breaks_a_series_is_refused_with_as_much_of_the_report_as_fits()
      throws InvalidProtocolBufferException {
    StreamObserver<RegisterKernelRequest> stream = server.streams().registerKernel(answer);
    stream.onNext(HEADER);
    TestServer.eventually(() -> registry.openRegistrations.get() == 1);
    registry.failure =
        new RegistryException("debian", "it breaks the series debian", Judgements.breaking(2_000));
    stream.onCompleted();

    com.google.rpc.Status refused =
        Objects.requireNonNull(StatusProto.fromThrowable(Objects.requireNonNull(answer.end())));
    assertEquals(Status.Code.FAILED_PRECONDITION.value(), refused.getCode());
    assertEquals("it breaks the series debian", refused.getMessage());
    assertEquals(
        ErrorInfo.newBuilder().setReason("KERNEL_BREAKS").setDomain("tracery.dev").build(),
        refused.getDetails(0).unpack(ErrorInfo.class));
    assertEquals(
        PreconditionFailure.Violation.newBuilder()
            .setType("COMPATIBILITY")
            .setSubject("debian")
            .setDescription("it breaks the series debian")
            .build(),
        refused.getDetails(1).unpack(PreconditionFailure.class).getViolations(0));
    CompatibilityReport report = refused.getDetails(2).unpack(CompatibilityReport.class);
    assertTrue(refused.getSerializedSize() < 4500, () -> "" + refused.getSerializedSize());
    assertEquals(2_000, report.getFindingCount());
    assertTrue(report.getFindingsCount() > 5, () -> "" + report.getFindingsCount());
    assertEquals(Verdict.VERDICT_BREAK, report.getVerdict());
    assertEquals("prev_state", report.getFindings(0).getChange().getField());
    assertEquals(1, report.getUnmetTotal());
    assertEquals(0, report.getUnmetCount());
    assertEquals(List.of(), registry.registered);
  }

  private void assertRefused(String field, String description) {
    String refusal = answer.refusal();
    assertTrue(refusal.startsWith("INVALID_ARGUMENT: " + field + ": "), refusal);
    assertTrue(
        refusal.endsWith(
            "BadRequest { field_violations { field: \""
                + field
                + "\" description: \""
                + description
                + "\" } }\n"),
        refusal);
    assertEquals(List.of(), registry.registered);
  }

  private static RegisterKernelRequest events(EventFormat... formats) {
    return RegisterKernelRequest.newBuilder()
        .setEvents(EventFormats.newBuilder().addAllEvents(List.of(formats)))
        .build();
  }

  private static EventFormat text(String event, int id, String text) {
    return EventFormat.newBuilder()
        .setEvent(event)
        .setId(id)
        .setText(ByteString.copyFromUtf8(text))
        .build();
  }

  private static EventFormat known(String event, int id) {
    return EventFormat.newBuilder()
        .setEvent(event)
        .setId(id)
        .setLayoutHash(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()))
        .build();
  }
}
