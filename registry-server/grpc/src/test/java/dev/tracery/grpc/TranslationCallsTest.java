package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.registry.RegistryException;
import dev.tracery.v1.RawPages;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TraceFileSource;
import dev.tracery.v1.TranslateRequest;
import dev.tracery.v1.TranslateResponse;
import dev.tracery.v1.TranslateStart;
import dev.tracery.v1.TranslationServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What reaches the translation, what comes back, and how a call ends.
@Timeout(60)
final class TranslationCallsTest {

  private final TestServer server = new TestServer();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_file_goes_through_in_chunks_and_the_answers_come_back() throws Exception {
    var call = call();
    call.write(file());
    call.write(chunk(1000));
    call.write(chunk(24));
    call.halfClose();
    TranslateResponse answer = call.read();
    assertEquals("xxxxxxxxxx", answer.getItems(0).getStart().getClock());
    assertEquals(null, call.read());
    assertEquals(List.of("TraceFile[name=a.dat]", "finish 1024"), server.translations.asked);
    TestServer.eventually(() -> server.translations.open.get() == 0);
  }

  @Test
  void pages_are_answered_as_they_come() throws Exception {
    var call = call();
    call.write(
        TranslateRequest.newBuilder()
            .setStart(
                TranslateStart.newBuilder()
                    .setRawPages(RawPagesSource.newBuilder().setKernel("6.1").setPageSize(4096)))
            .build());
    call.write(
        TranslateRequest.newBuilder()
            .setPages(RawPages.newBuilder().setCpu(3).setPages(ByteString.copyFrom(new byte[96])))
            .build());
    assertEquals(1, call.read().getItemsCount());
    call.halfClose();
    assertEquals(1, call.read().getItemsCount());
    assertEquals(
        List.of("RawPages[kernel=6.1, headerPage=, pageSize=4096]", "cpu 3 96", "finish 0"),
        server.translations.asked);
  }

  @Test
  void what_is_out_of_place_is_refused_by_its_message() throws Exception {
    assertEquals("INVALID_ARGUMENT: start: the first message must carry it", refusal(chunk(1)));
    assertEquals(
        "INVALID_ARGUMENT: start: the stream ended without one; send the start first, then the"
            + " trace",
        refusal());
    assertEquals(
        "INVALID_ARGUMENT: part: message 2: it carries a second start", refusal(file(), file()));
    assertEquals(
        "INVALID_ARGUMENT: part: message 3: a file was announced, but it carries pages",
        refusal(
            file(),
            chunk(1),
            TranslateRequest.newBuilder().setPages(RawPages.getDefaultInstance()).build()));
    assertEquals(
        "INVALID_ARGUMENT: start.source: say what follows: a file, or raw pages of a kernel",
        refusal(
            TranslateRequest.newBuilder().setStart(TranslateStart.getDefaultInstance()).build()));
    TestServer.eventually(() -> server.translations.open.get() == 0);
  }

  @Test
  void a_file_that_is_no_trace_is_refused_with_what_is_wrong_with_it() throws Exception {
    server.translations.failure =
        new RegistryException(
            RegistryException.Code.INVALID_ARGUMENT,
            "file",
            "a.dat is no trace",
            List.of(
                new Diagnostic(
                    Severity.ERROR,
                    "INPUT_UNKNOWN",
                    SourceLocation.inBinary("a.dat", 7),
                    "expected a trace",
                    "")));
    String text = refusal(file(), chunk(5));
    assertTrue(text.startsWith("INVALID_ARGUMENT: a.dat is no trace"), text);
    TestServer.eventually(() -> server.translations.open.get() == 0);
  }

  @Test
  void a_reader_that_stops_stops_the_translation_and_a_reader_that_goes_on_gets_all()
      throws Exception {
    server.translations.answers = 2000;
    server.translations.answerBytes = 100_000;
    var call = call();
    call.write(file());
    call.halfClose();
    int before = -1;
    while (before != server.translations.sent.get() || before == 0) {
      before = server.translations.sent.get();
      Thread.sleep(300);
    }
    // 100 KB each: no more than the client's window of some MB is on its way.
    assertTrue(before < 60, before + " answers were sent to a reader that takes none");
    int count = 0;
    while (call.read() != null) {
      count++;
    }
    assertEquals(2000, count);
  }

  @Test
  void a_cancelled_call_gives_back_what_it_holds() throws Exception {
    server.translations.answers = 1_000_000;
    server.translations.answerBytes = 10_000;
    var call = call();
    call.write(file());
    call.halfClose();
    call.read();
    assertEquals(1, server.translations.open.get());
    call.cancel("enough", null);
    TestServer.eventually(() -> server.translations.open.get() == 0);
  }

  @Test
  void a_deadline_ends_the_translation() throws Exception {
    server.translations.answers = 1_000_000;
    server.translations.answerBytes = 10_000;
    var call =
        TranslationServiceGrpc.newBlockingV2Stub(server.channel)
            .withDeadlineAfter(300, TimeUnit.MILLISECONDS)
            .translate();
    call.write(file());
    call.halfClose();
    TestServer.eventually(() -> server.translations.sent.get() > 0);
    TestServer.eventually(() -> server.translations.open.get() == 0);
  }

  @Test
  void more_traces_at_a_time_than_the_settings_allow_are_refused_until_one_has_ended()
      throws Exception {
    List<BlockingClientCall<TranslateRequest, TranslateResponse>> open =
        java.util.stream.IntStream.range(0, TranslationOptions.DEFAULTS.maxStreams())
            .mapToObj(_ -> call())
            .toList();
    for (var call : open) {
      call.write(file());
    }
    TestServer.eventually(() -> server.translations.open.get() == open.size());
    assertEquals(
        "RESOURCE_EXHAUSTED: the server translates 4 traces already, as many as"
            + " tracery.translation.max-streams allows; try again",
        refusal(file()));
    open.getFirst().cancel("done", null);
    TestServer.eventually(() -> server.translations.open.get() == open.size() - 1);
    TestServer.eventually(() -> refusalOrNothing(file()).isEmpty());
  }

  /// A server that has one place, and takes it away after a second.
  private static TestServer impatient() {
    return new TestServer(
        TestServer.OPTIONS,
        new TranslationOptions(1, Duration.ofSeconds(1), TranslationOptions.DEFAULTS.install()));
  }

  @Test
  void who_takes_no_answers_loses_the_place_and_is_told_why() throws Exception {
    try (TestServer impatient = impatient()) {
      impatient.translations.answers = 2000;
      impatient.translations.answerBytes = 100_000;
      var call = TranslationServiceGrpc.newBlockingV2Stub(impatient.channel).translate();
      call.write(file());
      call.halfClose();
      TestServer.eventually(() -> impatient.translations.open.get() == 1);
      TestServer.eventually(() -> impatient.translations.open.get() == 0);
      int sent = impatient.translations.sent.get();
      assertTrue(sent < 60, sent + " answers were sent to a reader that takes none");
      // The place is free: another trace is translated.
      impatient.translations.answers = 1;
      var next = TranslationServiceGrpc.newBlockingV2Stub(impatient.channel).translate();
      next.write(file());
      next.halfClose();
      assertEquals(1, next.read().getItemsCount());
      int read = 0;
      StatusException ended = null;
      while (ended == null) {
        try {
          assertNotNull(call.read(), "the call ended well");
          read++;
        } catch (StatusException e) {
          ended = e;
        }
      }
      assertEquals(sent, read);
      assertEquals(
          "DEADLINE_EXCEEDED: the answers were not taken for 1 s; the call was ended",
          ended.getStatus().getCode() + ": " + ended.getStatus().getDescription());
    }
  }

  @Test
  void who_sends_nothing_loses_the_place_and_is_told_why() {
    try (TestServer impatient = impatient()) {
      var call = TranslationServiceGrpc.newBlockingV2Stub(impatient.channel).translate();
      StatusException ended =
          assertThrows(
              StatusException.class,
              () -> {
                call.write(file());
                call.read();
              });
      assertEquals(
          "DEADLINE_EXCEEDED: the stream brought nothing for 1 s and was dropped",
          ended.getStatus().getCode() + ": " + ended.getStatus().getDescription());
      TestServer.eventually(() -> impatient.translations.open.get() == 0);
    }
  }

  @Test
  void who_sends_pages_and_never_reads_is_stopped_and_then_dropped() throws Exception {
    try (TestServer impatient = impatient()) {
      impatient.translations.answers = 10;
      impatient.translations.answerBytes = 100_000;
      var call = TranslationServiceGrpc.newBlockingV2Stub(impatient.channel).translate();
      call.write(
          TranslateRequest.newBuilder()
              .setStart(
                  TranslateStart.newBuilder()
                      .setRawPages(RawPagesSource.newBuilder().setKernel("6.1")))
              .build());
      TranslateRequest pages =
          TranslateRequest.newBuilder()
              .setPages(RawPages.newBuilder().setPages(ByteString.copyFrom(new byte[1 << 19])))
              .build();
      int written = 0;
      try {
        while (written < 1000 && call.write(pages, 2, TimeUnit.SECONDS)) {
          written++;
        }
      } catch (TimeoutException _) {
        // The server takes no more.
      }
      assertTrue(written < 100, written + " times 512 KiB were taken from who reads nothing");
      TestServer.eventually(() -> impatient.translations.open.get() == 0);
    }
  }

  private BlockingClientCall<TranslateRequest, TranslateResponse> call() {
    return TranslationServiceGrpc.newBlockingV2Stub(server.channel)
        .withDeadlineAfter(50, TimeUnit.SECONDS)
        .translate();
  }

  private String refusalOrNothing(TranslateRequest... parts) {
    try {
      return refusal(parts);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /// The first line of what the call fails with; empty if it does not fail.
  private String refusal(TranslateRequest... parts) throws Exception {
    var call = call();
    try {
      for (TranslateRequest part : parts) {
        call.write(part);
      }
      call.halfClose();
      while (call.read() != null) {}
      return "";
    } catch (StatusException e) {
      Status status = e.getStatus();
      return status.getCode() + ": " + status.getDescription();
    }
  }

  private static TranslateRequest file() {
    return TranslateRequest.newBuilder()
        .setStart(
            TranslateStart.newBuilder().setFile(TraceFileSource.newBuilder().setName("a.dat")))
        .build();
  }

  private static TranslateRequest chunk(int bytes) {
    return TranslateRequest.newBuilder().setFileChunk(ByteString.copyFrom(new byte[bytes])).build();
  }
}
