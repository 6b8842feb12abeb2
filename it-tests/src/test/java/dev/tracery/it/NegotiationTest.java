package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.rpc.Code;
import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.NegotiationRefusedException;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.RegistryUnreachableException;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.consumer.AccessClass;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerWriter;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.RunOutcome;
import dev.tracery.v1.SchemaPart;
import dev.tracery.v1.SeenEvent;
import dev.tracery.v1.WatchResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Tools that start on real kernels, beside a real server.
class NegotiationTest {

  private static final Duration LONG = Duration.ofSeconds(30);
  private static final EventName SWITCH = EventName.parse("sched/sched_switch");
  private static final Consumer TOOL =
      Needs.of("offcputime", "0.31.0")
          .require("sched/sched_switch", "prev_pid", "next_pid")
          .like("sched/sched_waking", "prio", "no_such_field")
          .toConsumer();

  @TempDir Path folder;

  private record Seen(KernelIdentity identity, Map<EventName, byte[]> formats)
      implements SeenKernel {
    static Seen of(SampleKernel kernel) {
      return new Seen(kernel.identity(), kernel.formats());
    }

    @Override
    public Optional<byte[]> format(EventName event) {
      return Optional.ofNullable(formats.get(event));
    }

    /// Another build, which nobody has registered, with one field more in an event.
    Seen changed(String release) {
      Map<EventName, byte[]> changed = new TreeMap<>(formats);
      changed.computeIfPresent(
          SWITCH,
          (_, text) ->
              new String(text, StandardCharsets.ISO_8859_1)
                  .replace(
                      "\n\nprint fmt:",
                      "\n\tfield:u32 tracery_new;\toffset:64;\tsize:4;\tsigned:0;\n\nprint fmt:")
                  .getBytes(StandardCharsets.ISO_8859_1));
      return new Seen(
          new KernelIdentity(
              release,
              identity.build(),
              identity.machine(),
              identity.target(),
              identity.pageSize()),
          changed);
    }
  }

  private Negotiator negotiator(TraceryClient client) {
    return new Negotiator(
        client, NegotiatorOptions.defaults().withDeadline(LONG).withCache(folder.resolve("cache")));
  }

  private static TraceryClient client(ServerProcess server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }

  @Test
  void a_tool_runs_on_a_kernel_that_is_known_and_reads_it_as_the_registry_would() throws Exception {
    SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
    try (TraceryClient client = SharedRegistry.client()) {
      Negotiated negotiated = negotiator(client).negotiate(TOOL, Seen.of(kernel));
      assertEquals(RunOutcome.RUN_OUTCOME_DEGRADED, negotiated.outcome());
      assertEquals(Negotiated.Source.REGISTRY, negotiated.source());
      List<String> warnings = negotiated.warnings();
      assertTrue(
          warnings.toString().contains("sched/sched_waking.no_such_field"), warnings.toString());
      EventReading reading = negotiated.reading(SWITCH).orElseThrow();
      var schema =
          client.schema(
              GetSchemaRequest.newBuilder()
                  .setEvent(SWITCH.toString())
                  .setKernel(negotiated.answer().getKernel())
                  .addParts(SchemaPart.SCHEMA_PART_DESCRIPTOR)
                  .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
                  .build());
      assertEquals(schema.getDescriptorSet().getFile(0), reading.getFile());
      assertEquals(schema.getDecodePlan(), reading.getDecodePlan());
      assertEquals(
          client.kernel(kernel.identity().release(), 0).getId(), negotiated.answer().getKernel());
    }
  }

  @Test
  void hashes_of_the_client_are_those_of_the_compiler() throws Exception {
    SampleKernel kernel = SampleKernel.read("debian-bookworm-6.1.0-50-s390x");
    try (TraceryClient client = SharedRegistry.client()) {
      List<EventName> events = kernel.formats().keySet().stream().limit(200).toList();
      Needs needs = Needs.of("everything", "1");
      events.forEach(event -> needs.require(event.toString()));
      Negotiated negotiated = negotiator(client).negotiate(needs.toConsumer(), Seen.of(kernel));
      for (EventName event : events) {
        assertEquals(
            ByteString.copyFrom(
                CanonicalForm.hash(
                        java.util.Objects.requireNonNull(kernel.formats().get(event)),
                        kernel.identity().target())
                    .bytes()),
            negotiated.reading(event).orElseThrow().getLayoutHash());
      }
    }
  }

  @Test
  void a_kernel_that_nobody_registered_is_learned_for_ever_and_the_tool_runs_on_without_the_server()
      throws Exception {
    SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
    Seen unknown = Seen.of(kernel).changed("6.1.99-unknown");
    Path data = folder.resolve("data");
    EventReading learned;
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = client(server)) {
      Outcome.of("register", "--server", server.address(), SampleKernel.tar(kernel.id()).toString())
          .fine();
      Negotiated negotiated = negotiator(client).negotiate(TOOL, unknown);
      learned = negotiated.reading(SWITCH).orElseThrow();
      assertEquals(2, learned.getSchemaVersion());
      assertEquals("", negotiated.answer().getKernel());
      assertEquals(2, negotiated.answer().getRevision());
      server.stop();
    }
    // Without the server.
    try (TraceryClient nobody = TraceryClient.connect("localhost:1", ClientOptions.defaults())) {
      Negotiator offline =
          new Negotiator(nobody, NegotiatorOptions.defaults().withCache(folder.resolve("cache")));
      assertEquals(learned, offline.negotiate(TOOL, unknown).reading(SWITCH).orElseThrow());
      assertThrows(
          RegistryUnreachableException.class,
          () -> offline.negotiate(Needs.of("other", "1").require("a/b").toConsumer(), unknown));
    }
    // After a restart, with nothing kept by the client.
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = client(server)) {
      Negotiator fresh =
          new Negotiator(
              client,
              NegotiatorOptions.defaults().withDeadline(LONG).withoutCache().withDryRun(true));
      Negotiated again = fresh.negotiate(TOOL, unknown);
      assertEquals(learned, again.reading(SWITCH).orElseThrow());
      assertEquals(List.of("offcputime"), observed(client));
    }
  }

  /// The tools that the log says were seen.
  private static List<String> observed(TraceryClient client) {
    long head = client.status().getRevision();
    List<String> found = new ArrayList<>();
    try (ChangeWatcher watch = client.watch(0, _ -> {})) {
      while (true) {
        WatchResponse revision = watch.next();
        revision.getChangesList().stream()
            .filter(RegistryChange::hasConsumerObserved)
            .forEach(change -> found.add(change.getConsumerObserved().getConsumer().getName()));
        if (revision.getRevision() >= head && !revision.getMore()) {
          return found;
        }
      }
    }
  }

  @Test
  void a_pinned_tool_is_refused_elsewhere_with_both_kernels_named() throws Exception {
    Consumer pinned =
        new Consumer(
            "module",
            "1",
            "",
            List.of(
                new Requirement(
                    List.of(
                        new EventUse(
                            null,
                            AccessClass.PINNED_KERNEL,
                            List.of(),
                            false,
                            "",
                            null,
                            List.of(),
                            "5.10.0-46-amd64",
                            null)),
                    false)));
    try (TraceryClient client = SharedRegistry.client()) {
      NegotiationRefusedException refused =
          assertThrows(
              NegotiationRefusedException.class,
              () ->
                  negotiator(client)
                      .negotiate(pinned, Seen.of(SampleKernel.read(SampleKernel.AMD64_6_1))));
      String why = String.valueOf(refused.getMessage());
      assertTrue(why.contains("5.10.0-46-amd64") && why.contains("6.1.0-56-amd64"), why);
      negotiator(client)
          .negotiate(pinned, Seen.of(SampleKernel.read("debian-bullseye-5.10.0-46-amd64")));
    }
  }

  @Test
  void the_command_asks_by_hand() {
    String sample = SampleKernel.tar(SampleKernel.AMD64_6_1).toString();
    Outcome fine =
        Outcome.of(
            "negotiate",
            "--server",
            SharedRegistry.address(),
            "--no-cache",
            "--dry-run",
            sample,
            "--tool",
            "mine/1",
            "--require",
            "sched/sched_switch:prev_pid,next_pid");
    assertEquals(0, fine.status(), fine.err());
    assertTrue(fine.out().contains("outcome  ACCEPTED"), fine.out());
    Outcome refused =
        Outcome.of(
            "negotiate",
            "--server",
            SharedRegistry.address(),
            "--no-cache",
            sample,
            "--tool",
            "mine/1",
            "--require",
            "sched/sched_switch:no_such_field");
    assertEquals(1, refused.status(), refused.err());
    assertTrue(refused.out().contains("no_such_field"), refused.out());
  }

  @Test
  void bad_questions_are_refused_with_the_field_and_nothing_is_stored() {
    SampleKernel kernel = SampleKernel.read(SampleKernel.AMD64_6_1);
    byte[] text = java.util.Objects.requireNonNull(kernel.formats().get(SWITCH));
    NegotiateRequest good =
        NegotiateRequest.newBuilder()
            .setTool(ConsumerWriter.write(TOOL))
            .setKernel(IdentityWriter.write(kernel.identity()))
            .addEvents(
                SeenEvent.newBuilder()
                    .setEvent(SWITCH.toString())
                    .setLayoutHash(
                        ByteString.copyFrom(
                            CanonicalForm.hash(text, kernel.identity().target()).bytes())))
            .build();
    NegotiateRequest.Builder many = good.toBuilder();
    for (int i = 0; i < 100_000; i++) {
      many.addEvents(good.getEvents(0).toBuilder().setEvent("sched/e" + i));
    }
    NegotiateRequest.Builder steering = good.toBuilder();
    steering.getToolBuilder().setName("off\u001b[2Jcpu");
    NegotiateRequest.Builder otherText = good.toBuilder();
    otherText
        .getEventsBuilder(0)
        .setText(ByteString.copyFrom(text).concat(ByteString.copyFromUtf8("x")));
    NegotiateRequest.Builder twice = good.toBuilder();
    twice
        .getToolBuilder()
        .getRequirementsBuilder(0)
        .getAnyOfBuilder(0)
        .addFields(good.getTool().getRequirements(0).getAnyOf(0).getFields(0));
    try (TraceryClient client = SharedRegistry.client()) {
      long before = client.status().getRevision();
      assertEquals("events", refusedField(client, many.build()));
      assertEquals("tool.name", refusedField(client, steering.build()));
      assertEquals("events[0].text", refusedField(client, otherText.build()));
      assertTrue(
          refusedField(client, twice.build()).startsWith("tool.requirements[0].any_of[0].fields["));
      assertEquals(before, client.status().getRevision());
      NegotiateResponse fine = client.negotiate(good.toBuilder().setDryRun(true).build(), LONG);
      assertEquals(RunOutcome.RUN_OUTCOME_DEGRADED, fine.getOutcome());
    }
  }

  private static String refusedField(TraceryClient client, NegotiateRequest request) {
    TraceryException refused =
        assertThrows(TraceryException.class, () -> client.negotiate(request, LONG));
    assertEquals(Code.INVALID_ARGUMENT, refused.code());
    return refused.fieldViolations().getFirst().field();
  }

  @Test
  void the_folder_of_answers_is_this_users_only() throws Exception {
    try (TraceryClient client = SharedRegistry.client()) {
      negotiator(client).negotiate(TOOL, Seen.of(SampleKernel.read(SampleKernel.AMD64_6_1)));
    }
    assertEquals(
        "rwx------",
        java.nio.file.attribute.PosixFilePermissions.toString(
            Files.getPosixFilePermissions(folder.resolve("cache"))));
  }
}
