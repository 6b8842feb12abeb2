package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.registry.Compatibility.CheckResult;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeCount;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.CheckKernelHeader;
import dev.tracery.v1.CheckKernelRequest;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.ClaimOrigin;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.CompatibilityServiceGrpc;
import dev.tracery.v1.ConsumerRef;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.Finding;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.Tracepoint;
import dev.tracery.v1.UnmetRequirement;
import dev.tracery.v1.Verdict;
import io.grpc.stub.StreamObserver;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CheckCallTest {

  private static final CheckKernelRequest HEADER =
      CheckKernelRequest.newBuilder()
          .setHeader(
              CheckKernelHeader.newBuilder()
                  .setIdentity(Samples.BIG_32_MESSAGE)
                  .setSeries("debian"))
          .build();
  private static final UnmetRequirement UNMET =
      UnmetRequirement.newBuilder()
          .setConsumer(
              ConsumerRef.newBuilder().setName("u").setOrigin(ClaimOrigin.CLAIM_ORIGIN_OBSERVED))
          .setAccess(AccessClass.ACCESS_CLASS_PINNED_KERNEL)
          .setReason("another kernel")
          .setOptional(true)
          .build();

  private final TestServer server = new TestServer();
  private final FakeCompatibility compatibility = server.registry.compatibility;
  private final Recorder<CheckKernelRequest, CheckKernelResponse> answer = Recorder.eager();

  @AfterEach
  void stop() {
    TestServer.eventually(() -> compatibility.openChecks.get() == 0);
    server.close();
  }

  @Test
  void events_and_types_in_any_split_are_judged() {
    compatibility.result.set(
        new CheckResult(
            Judgements.breaking(1),
            List.of(
                new Diagnostic(
                    Severity.WARNING,
                    "ODD",
                    SourceLocation.inText("a/b/format", 1, 2, 3),
                    "odd",
                    "")),
            3000));
    StreamObserver<CheckKernelRequest> stream = streams();
    stream.onNext(HEADER);
    stream.onNext(events(text("a/b", "name: b")));
    stream.onNext(
        CheckKernelRequest.newBuilder()
            .setTypes(KernelTypes.newBuilder().addTracepoints(Tracepoint.getDefaultInstance()))
            .build());
    stream.onNext(
        events(
            EventFormat.newBuilder()
                .setEvent("a/c")
                .setId(2)
                .setLayoutHash(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()))
                .build()));
    stream.onCompleted();

    assertNull(answer.end());
    assertEquals(
        List.of(
            CheckKernelResponse.newBuilder()
                .setReport(
                    CompatibilityReport.newBuilder()
                        .setSeries("debian")
                        .setPredecessor(Samples.kernelMessage("aaaaaaaaaaaaaaaa"))
                        .setCandidate(Samples.kernelMessage("bbbbbbbbbbbbbbbb"))
                        .setVerdict(Verdict.VERDICT_BREAK)
                        .setMode(SeriesMode.SERIES_MODE_ENFORCE)
                        .addFindings(
                            Finding.newBuilder()
                                .setVerdict(Verdict.VERDICT_BREAK)
                                .setConsumer(
                                    ConsumerRef.newBuilder()
                                        .setName("t")
                                        .setVersion("1")
                                        .setOrigin(ClaimOrigin.CLAIM_ORIGIN_DECLARED)
                                        .setSource("https://example.org/t"))
                                .setAccess(AccessClass.ACCESS_CLASS_BY_NAME)
                                .setEvent("sched/sched_switch")
                                .setStability(StabilityClass.STABILITY_CLASS_INTERNAL)
                                .setChange(
                                    Change.newBuilder()
                                        .setKind(ChangeKind.CHANGE_KIND_FIELD_REMOVED)
                                        .setField("prev_state")
                                        .setFrom("long prev_state"))
                                .setExplanation("t finds prev_state by its name.")
                                .setRemedy("Keep prev_state.")
                                .setHint("perhaps renamed to state"))
                        .setFindingCount(1)
                        .addUnmet(UNMET)
                        .setUnmetTotal(1)
                        .addUnknown(UNMET)
                        .addUnknown(UNMET)
                        .setUnknownTotal(2)
                        .addHarmless(
                            ChangeCount.newBuilder()
                                .setKind(ChangeKind.CHANGE_KIND_EVENT_ADDED)
                                .setVerdict(Verdict.VERDICT_COMPATIBLE)
                                .setCount(9)
                                .addExamples("sched/sched_switch"))
                        .setRequirementsJudged(12)
                        .setRevision(3)
                        .setTime(Timestamp.newBuilder().setSeconds(77)))
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
            "check 6.1.0-32-powerpc debian", "a/b 1 7 false", "types 1", "a/c 2 true", "finish"),
        compatibility.asked);
  }

  @Test
  void a_stream_without_a_header_is_refused() {
    streams().onCompleted();
    assertRefused("header", "the stream ended without one; send the header first, then events");
  }

  @Test
  void events_before_the_header_are_refused() {
    streams().onNext(events(text("a/b", "x")));
    assertRefused("header", "the first message must carry it");
  }

  @Test
  void a_second_header_is_refused() {
    StreamObserver<CheckKernelRequest> stream = streams();
    stream.onNext(HEADER);
    stream.onNext(HEADER);
    assertRefused(
        "events",
        "every message after the first must carry events or types, but message 2 carries a second"
            + " header");
  }

  @Test
  void an_empty_message_is_refused() {
    StreamObserver<CheckKernelRequest> stream = streams();
    stream.onNext(HEADER);
    stream.onNext(CheckKernelRequest.getDefaultInstance());
    assertRefused(
        "events",
        "every message after the first must carry events or types, but message 2 carries nothing");
  }

  @Test
  void a_series_is_needed() {
    streams()
        .onNext(
            CheckKernelRequest.newBuilder()
                .setHeader(HEADER.getHeader().toBuilder().clearSeries())
                .build());
    assertRefused("header.series", "name the series whose latest kernel it is judged against");
  }

  @Test
  void a_series_with_other_characters_is_refused() {
    streams()
        .onNext(
            CheckKernelRequest.newBuilder()
                .setHeader(HEADER.getHeader().toBuilder().setSeries("a b"))
                .build());
    assertRefused(
        "header.series", "expected up to 200 letters, digits and `._+~-` but found \\\"a b\\\"");
  }

  @Test
  void every_bad_field_of_the_identity_is_named() {
    streams()
        .onNext(
            CheckKernelRequest.newBuilder()
                .setHeader(
                    CheckKernelHeader.newBuilder()
                        .setSeries("debian")
                        .setIdentity(
                            Samples.BIG_32_MESSAGE.toBuilder().clearRelease().setWordSizeValue(9)))
                .build());
    String refusal = answer.refusal();
    assertTrue(refusal.contains("field: \"header.identity.release\""), refusal);
    assertTrue(refusal.contains("field: \"header.identity.word_size\""), refusal);
    assertEquals(List.of(), compatibility.asked);
  }

  @Test
  void every_bad_event_of_a_message_is_named() {
    StreamObserver<CheckKernelRequest> stream = streams();
    stream.onNext(HEADER);
    stream.onNext(
        events(
            EventFormat.newBuilder().setEvent("a/c").build(), text("../x", "x"), text("a/d", "x")));
    String refusal = answer.refusal();
    assertTrue(
        refusal.startsWith("INVALID_ARGUMENT: events.events[0].layout_hash: a/c: needed where"),
        refusal);
    assertTrue(refusal.contains("field: \"events.events[1].event\""), refusal);
    assertEquals(List.of("check 6.1.0-32-powerpc debian"), compatibility.asked);
  }

  @Test
  void cancelling_drops_the_check() {
    StreamObserver<CheckKernelRequest> stream = streams();
    stream.onNext(HEADER);
    TestServer.eventually(() -> compatibility.openChecks.get() == 1);
    answer.cancel();
    TestServer.eventually(() -> compatibility.openChecks.get() == 0);
    assertEquals(List.of("check 6.1.0-32-powerpc debian"), compatibility.asked);
  }

  @Test
  void a_check_takes_a_writers_place() {
    for (int i = 0; i < 3; i++) {
      CompatibilityServiceGrpc.newStub(server.channel).checkKernel(Recorder.eager()).onNext(HEADER);
    }
    TestServer.eventually(() -> compatibility.openChecks.get() == 3);
    streams().onNext(HEADER);
    assertTrue(answer.refusal().startsWith("RESOURCE_EXHAUSTED: "), answer.refusal());
    server.channel.shutdownNow();
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
    assertTrue(!compatibility.asked.contains("finish"), () -> "" + compatibility.asked);
  }

  private StreamObserver<CheckKernelRequest> streams() {
    return CompatibilityServiceGrpc.newStub(server.channel).checkKernel(answer);
  }

  private static CheckKernelRequest events(EventFormat... formats) {
    return CheckKernelRequest.newBuilder()
        .setEvents(EventFormats.newBuilder().addAllEvents(List.of(formats)))
        .build();
  }

  private static EventFormat text(String event, String text) {
    return EventFormat.newBuilder()
        .setEvent(event)
        .setId(1)
        .setText(ByteString.copyFromUtf8(text))
        .build();
  }
}
