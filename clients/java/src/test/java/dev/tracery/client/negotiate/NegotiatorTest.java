package dev.tracery.client.negotiate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Duration;
import com.google.rpc.Code;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.FakeServer;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.negotiate.Negotiated.Source;
import dev.tracery.consumer.Consumer;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.FieldFit;
import dev.tracery.v1.FitReason;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.NegotiationServiceGrpc;
import dev.tracery.v1.RequirementFit;
import dev.tracery.v1.RunOutcome;
import dev.tracery.v1.SeenEvent;
import io.grpc.Status;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NegotiatorTest {

  private static final KernelIdentity KERNEL =
      new KernelIdentity("6.1.0-56-amd64", "#1", "x86_64", Target.LITTLE_64, 4096);
  private static final Consumer TOOL =
      Needs.of("offcputime", "0.31.0")
          .require("sched/sched_switch", "prev_pid")
          .like("sched/sched_waking", "prio")
          .toConsumer();
  private static final NegotiateResponse ACCEPTED =
      NegotiateResponse.newBuilder()
          .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
          .addEvents(EventReading.newBuilder().setEvent("sched/sched_switch").setSchemaVersion(2))
          .setCacheFor(Duration.newBuilder().setSeconds(3600))
          .build();
  private static final NegotiateResponse REJECTED =
      NegotiateResponse.newBuilder()
          .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
          .addRequirements(
              RequirementFit.newBuilder()
                  .setOutcome(RunOutcome.RUN_OUTCOME_REJECTED)
                  .setReason(FitReason.FIT_REASON_MISSING)
                  .addFields(
                      FieldFit.newBuilder()
                          .setName("prev_pid")
                          .setReason(FitReason.FIT_REASON_MISSING)
                          .setExplanation("there is no field prev_pid")))
          .setCacheFor(Duration.newBuilder().setSeconds(3600))
          .build();

  @TempDir Path folder;

  private final List<NegotiateRequest> asked = Collections.synchronizedList(new ArrayList<>());
  private Instant now = Instant.parse("2026-11-23T12:00:00Z");

  /// A tracefs with two events.
  private SeenKernel kernel() throws IOException {
    write("sched_switch", 319);
    write("sched_waking", 320);
    return Tracefs.of(folder.resolve("tracing"), KERNEL);
  }

  private void write(String event, int id) throws IOException {
    Path file = folder.resolve("tracing/events/sched").resolve(event).resolve("format");
    Files.createDirectories(file.getParent());
    Files.writeString(file, "name: " + event + "\nID: " + id + "\nformat:\n");
  }

  private FakeServer server(Function<NegotiateRequest, NegotiateResponse> answer) {
    return FakeServer.builder()
        .unary(
            NegotiationServiceGrpc.getNegotiateMethod(),
            request -> {
              asked.add(request);
              return answer.apply(request);
            })
        .start();
  }

  private NegotiatorOptions options() {
    return NegotiatorOptions.defaults().withCache(folder.resolve("cache"));
  }

  private Negotiated ask(String address, NegotiatorOptions options, SeenKernel kernel)
      throws IOException, NegotiationRefusedException {
    try (TraceryClient client = TraceryClient.connect(address, ClientOptions.defaults())) {
      return new Negotiator(client, options, () -> now).negotiate(TOOL, kernel);
    }
  }

  private static String nobody() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return "localhost:" + socket.getLocalPort();
    }
  }

  @Test
  void sends_hashes_and_is_told_how_to_read_each_event() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      Negotiated negotiated = ask(server.address(), options(), kernel());

      assertEquals(Source.REGISTRY, negotiated.source());
      assertEquals(List.of(), negotiated.warnings());
      assertEquals(
          2,
          negotiated
              .reading(EventName.parse("sched/sched_switch"))
              .orElseThrow()
              .getSchemaVersion());
      assertEquals(Optional.empty(), negotiated.reading(EventName.parse("sched/sched_waking")));
      NegotiateRequest request = asked.getFirst();
      assertEquals("offcputime", request.getTool().getName());
      assertEquals("6.1.0-56-amd64", request.getKernel().getRelease());
      assertEquals(
          List.of("sched/sched_switch 319 32 0", "sched/sched_waking 320 32 0"),
          request.getEventsList().stream().map(NegotiatorTest::line).toList());
    }
  }

  private static String line(SeenEvent event) {
    return event.getEvent()
        + " "
        + event.getId()
        + " "
        + event.getLayoutHash().size()
        + " "
        + event.getText().size();
  }

  @Test
  void sends_the_texts_that_are_asked_for_and_no_others() throws Exception {
    try (FakeServer server =
        server(request ->
            asked.size() == 1
                ? NegotiateResponse.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_UNKNOWN)
                    .addNeedFormats("sched/sched_waking")
                    .build()
                : ACCEPTED)) {
      assertEquals(Source.REGISTRY, ask(server.address(), options(), kernel()).source());
      assertEquals(2, asked.size());
      assertEquals("", asked.get(1).getEvents(0).getText().toStringUtf8());
      assertEquals(
          "name: sched_waking\nID: 320\nformat:\n",
          asked.get(1).getEvents(1).getText().toString(StandardCharsets.UTF_8));
    }
  }

  @Test
  void a_field_that_a_translator_fills_is_a_note_and_no_warning() throws Exception {
    NegotiateResponse bridged =
        ACCEPTED.toBuilder()
            .addRequirements(
                RequirementFit.newBuilder()
                    .setOutcome(RunOutcome.RUN_OUTCOME_ACCEPTED)
                    .setReason(FitReason.FIT_REASON_BRIDGED)
                    .setExplanation("bridged from pid by my.bridge")
                    .addFields(
                        FieldFit.newBuilder()
                            .setName("prev_pid")
                            .setUsable(true)
                            .setReason(FitReason.FIT_REASON_BRIDGED)
                            .setExplanation("bridged from pid by my.bridge")))
            .build();
    try (FakeServer server = server(_ -> bridged)) {
      Negotiated negotiated = ask(server.address(), options(), kernel());
      assertEquals(
          List.of("sched/sched_switch.prev_pid: bridged from pid by my.bridge"),
          negotiated.notes());
      assertEquals(List.of(), negotiated.warnings());
    }
  }

  @Test
  void does_not_ask_again_within_the_time_that_the_registry_allows() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options(), kernel());
      now = now.plusSeconds(3_000);
      SeenKernel rebooted = kernel();
      write("sched_switch", 999);
      Negotiated again = ask(server.address(), options(), rebooted);
      assertEquals(Source.CACHE, again.source());
      assertEquals(ACCEPTED, again.answer());
      assertEquals(List.of(), again.warnings());
      assertEquals(1, asked.size());

      now = now.plusSeconds(3_000);
      assertEquals(Source.REGISTRY, ask(server.address(), options(), kernel()).source());
      now = now.minusSeconds(100_000);
      assertEquals(Source.REGISTRY, ask(server.address(), options(), kernel()).source());
      assertEquals(3, asked.size());
    }
  }

  @Test
  void another_layout_is_another_question() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options(), kernel());
      SeenKernel changed = kernel();
      Path file = folder.resolve("tracing/events/sched/sched_switch/format");
      Files.writeString(file, "name: sched_switch\nID: 319\nformat:\nmore\n");
      assertEquals(Source.REGISTRY, ask(server.address(), options(), changed).source());
      Files.delete(file);
      assertEquals(Source.REGISTRY, ask(server.address(), options(), changed).source());
      assertEquals(1, asked.get(2).getEventsCount());
    }
  }

  @Test
  void runs_without_the_registry_on_an_old_answer_and_says_so() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options(), kernel());
    }
    now = now.plusSeconds(500_000);
    Negotiated offline = ask(nobody(), options(), kernel());
    assertEquals(Source.CACHE_OFFLINE, offline.source());
    assertEquals(ACCEPTED, offline.answer());
    String warning = offline.warnings().getFirst().replaceAll("localhost\\S*", "…");
    assertTrue(
        warning.startsWith("the registry cannot be reached (Connection refused")
            && warning.endsWith("); going by its answer of 5 days ago"),
        warning);
  }

  @Test
  void a_registry_that_does_not_answer_in_time_is_as_good_as_none() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options(), kernel());
    }
    now = now.plusSeconds(500_000);
    try (FakeServer server =
        server(_ -> {
          try {
            Thread.sleep(java.time.Duration.ofMinutes(1));
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return ACCEPTED;
        })) {
      long start = System.nanoTime();
      Negotiated offline =
          ask(server.address(), options().withDeadline(java.time.Duration.ofMillis(300)), kernel());
      assertEquals(Source.CACHE_OFFLINE, offline.source());
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis < 10_000, millis + " ms");
    }
  }

  @Test
  void without_the_registry_and_without_an_answer_it_says_what_is_missing() throws Exception {
    String nobody = nobody();
    SeenKernel kernel = kernel();
    RegistryUnreachableException failure =
        assertThrows(RegistryUnreachableException.class, () -> ask(nobody, options(), kernel));
    String message = String.valueOf(failure.getMessage());
    assertTrue(
        message.contains(
            "there is no answer of an earlier start of offcputime 0.31.0 on this kernel in "),
        message);
    assertEquals(
        Code.UNAVAILABLE, assertInstanceOf(TraceryException.class, failure.getCause()).code());
  }

  @Test
  void what_was_refused_stays_refused_without_the_registry() throws Exception {
    SeenKernel kernel = kernel();
    try (FakeServer server = server(_ -> REJECTED)) {
      NegotiationRefusedException refused =
          assertThrows(
              NegotiationRefusedException.class, () -> ask(server.address(), options(), kernel));
      assertEquals(
          "offcputime 0.31.0 cannot run on this kernel: sched/sched_switch.prev_pid: there is no field"
              + " prev_pid",
          refused.getMessage());
    }
    now = now.plusSeconds(500_000);
    String nobody = nobody();
    NegotiationRefusedException refused =
        assertThrows(NegotiationRefusedException.class, () -> ask(nobody, options(), kernel));
    assertEquals(Source.CACHE_OFFLINE, refused.negotiated().source());
  }

  @Test
  void tries_again_where_the_registry_is_away_for_a_moment_only() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    try (FakeServer server =
        server(_ -> {
          if (calls.getAndIncrement() < 2) {
            throw Status.UNAVAILABLE.withDescription("starting").asRuntimeException();
          }
          return ACCEPTED;
        })) {
      assertEquals(Source.REGISTRY, ask(server.address(), options(), kernel()).source());
      assertEquals(3, calls.get());
    }
  }

  @Test
  void says_why_nothing_answered_and_not_that_there_was_no_time_to_try_again() throws Exception {
    AtomicInteger calls = new AtomicInteger();
    CountDownLatch done = new CountDownLatch(1);
    try (FakeServer server =
        server(_ -> {
          if (calls.getAndIncrement() == 0) {
            throw Status.UNAVAILABLE.withDescription("starting").asRuntimeException();
          }
          awaitQuietly(done);
          return ACCEPTED;
        })) {
      RegistryUnreachableException failure =
          assertThrows(
              RegistryUnreachableException.class, () -> ask(server.address(), options(), kernel()));
      done.countDown();
      String message = String.valueOf(failure.getMessage());
      assertTrue(message.startsWith("the registry cannot be reached (starting), "), message);
    }
  }

  @Test
  void a_registry_that_is_silent_gives_no_answer_in_time() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (FakeServer server =
        server(_ -> {
          awaitQuietly(done);
          return ACCEPTED;
        })) {
      RegistryUnreachableException failure =
          assertThrows(
              RegistryUnreachableException.class,
              () ->
                  ask(
                      server.address(),
                      options().withDeadline(java.time.Duration.ofMillis(300)),
                      kernel()));
      done.countDown();
      String message = String.valueOf(failure.getMessage());
      assertTrue(
          message.startsWith("the registry cannot be reached (no answer in time), "), message);
    }
  }

  private static void awaitQuietly(CountDownLatch done) {
    try {
      done.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void a_question_that_is_refused_is_not_answered_from_what_was_kept() throws Exception {
    SeenKernel kernel = kernel();
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options(), kernel);
    }
    now = now.plusSeconds(500_000);
    try (FakeServer server =
        server(_ -> {
          throw Status.INVALID_ARGUMENT.withDescription("tool.name: no").asRuntimeException();
        })) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> ask(server.address(), options(), kernel));
      assertEquals(Code.INVALID_ARGUMENT, failure.code());
      assertEquals(2, asked.size());
    }
  }

  @Test
  void without_a_folder_nothing_is_kept() throws Exception {
    try (FakeServer server = server(_ -> ACCEPTED)) {
      ask(server.address(), options().withoutCache(), kernel());
      ask(server.address(), options().withoutCache(), kernel());
      assertEquals(2, asked.size());
      assertTrue(Files.notExists(folder.resolve("cache")));
    }
  }

  @Test
  void the_running_kernel_is_read_from_proc_and_tracefs() throws Exception {
    Path root = folder.resolve("root");
    Path kernel = Files.createDirectories(root.resolve("proc/sys/kernel"));
    Files.writeString(kernel.resolve("osrelease"), "6.12.117\n");
    Files.writeString(kernel.resolve("version"), "#1 SMP\n");
    Files.writeString(kernel.resolve("arch"), "x86_64\n");
    Path events = Files.createDirectories(root.resolve("sys/kernel/debug/tracing/events"));
    Files.writeString(
        events.resolve("header_page"), "\tfield: local_t commit;\toffset:8;\tsize:8;\tsigned:1;\n");
    Path format = events.resolve("a/b/format");
    Files.createDirectories(format.getParent());
    Files.writeString(format, "name: b\n");

    Tracefs tracefs = Tracefs.ofKernelUnder(root);
    assertEquals(
        new KernelIdentity("6.12.117", "#1 SMP", "x86_64", Target.LITTLE_64, 4096),
        tracefs.identity());
    assertEquals(
        "name: b\n",
        new String(tracefs.format(EventName.parse("a/b")).orElseThrow(), StandardCharsets.UTF_8));
    assertEquals(Optional.empty(), tracefs.format(EventName.parse("a/c")));
    IOException missing =
        assertThrows(IOException.class, () -> Tracefs.ofKernelUnder(folder.resolve("none")));
    assertTrue(String.valueOf(missing.getMessage()).contains("run as root"), missing.getMessage());
  }
}
