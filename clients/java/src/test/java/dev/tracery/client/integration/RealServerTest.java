package dev.tracery.client.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Code;
import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.Freshness;
import dev.tracery.client.KernelCheck;
import dev.tracery.client.Registration;
import dev.tracery.client.ServerAddress;
import dev.tracery.client.SilentServer;
import dev.tracery.client.TcpProxy;
import dev.tracery.client.TlsOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.client.decode.EventDecoder;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.NegotiationRefusedException;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.Tracefs;
import dev.tracery.consumer.Consumer;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.GetSchemaRequest;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.SchemaPart;
import dev.tracery.v1.TraceFileSource;
import dev.tracery.v1.TraceItem;
import dev.tracery.v1.TranslateStart;
import dev.tracery.v1.WatchResponse;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The client and a real server, whose address the environment tells (clients/README.md).
@Tag("integration")
class RealServerTest {

  private static final String SWITCH = "sched/sched_switch";

  @TempDir Path folder;

  private static TraceryClient connect() {
    return TraceryClient.connect(
        TestEnvironment.get("TRACERY_TEST_SERVER"), ClientOptions.defaults());
  }

  private static Kernel here(TraceryClient client) throws Exception {
    KernelIdentity identity = TestEnvironment.identity();
    for (Kernel kernel : client.kernels("", 0)) {
      if (kernel.getIdentity().getRelease().equals(identity.release())
          && kernel.getIdentity().getMachine().equals(identity.machine())) {
        return kernel;
      }
    }
    throw new AssertionError("the server does not have " + identity);
  }

  @Test
  void a_tool_starts_and_starts_again_without_the_registry() throws Exception {
    Consumer tool =
        Needs.of("java-integration", "1.0").require(SWITCH, "prev_pid", "next_comm").toConsumer();
    NegotiatorOptions options =
        NegotiatorOptions.defaults().withCache(folder.resolve("cache")).withDryRun(true);
    Tracefs kernel = TestEnvironment.tracefs();
    String address = TestEnvironment.get("TRACERY_TEST_SERVER");
    try (TraceryClient client = TraceryClient.connect(address, ClientOptions.defaults())) {
      Negotiated first = new Negotiator(client, options).negotiate(tool, kernel);
      assertEquals(Negotiated.Source.REGISTRY, first.source());
      assertEquals(List.of(SWITCH), first.events());
      EventDecoder decoder = first.decoder(SWITCH);
      assertEquals(0, decoder.integer("prev_pid").get(new byte[200]));
      assertEquals("", decoder.text("next_comm").get(new byte[200]));
      assertTrue(decoder.integer("next_pid").hasValue(new byte[200]));
      assertEquals(
          Negotiated.Source.CACHE,
          new Negotiator(client, options).negotiate(tool, kernel).source());
    }
  }

  @Test
  void a_tool_that_cannot_run_is_told_why() throws Exception {
    Consumer tool = Needs.of("java-integration", "1.0").require(SWITCH, "no_such").toConsumer();
    try (TraceryClient client = connect()) {
      NegotiationRefusedException refused =
          assertThrows(
              NegotiationRefusedException.class,
              () ->
                  new Negotiator(
                          client, NegotiatorOptions.defaults().withoutCache().withDryRun(true))
                      .negotiate(tool, TestEnvironment.tracefs()));
      assertTrue(
          String.valueOf(refused.getMessage()).contains("sched/sched_switch.no_such: "),
          refused.getMessage());
    }
  }

  @Test
  void kernels_events_and_schemas_are_listed() throws Exception {
    try (TraceryClient client = connect()) {
      Kernel kernel = here(client);
      assertEquals(kernel, client.kernel(kernel.getId(), 0));
      List<String> events = new ArrayList<>();
      for (KernelEvent event : client.events(kernel.getId(), "sched/*", 0)) {
        events.add(event.getEvent());
      }
      assertTrue(events.contains(SWITCH), events.toString());
      var schema =
          client.schema(
              GetSchemaRequest.newBuilder()
                  .setEvent(SWITCH)
                  .setKernel(kernel.getId())
                  .addParts(SchemaPart.SCHEMA_PART_DECODE_PLAN)
                  .addParts(SchemaPart.SCHEMA_PART_PROTO)
                  .build());
      assertEquals(SWITCH, schema.getDecodePlan().getEvent());
      assertTrue(schema.getProto().contains("message SchedSwitch"), schema.getProto());
    }
  }

  @Test
  void kernels_and_schemas_are_compared() throws Exception {
    try (TraceryClient client = connect()) {
      Kernel kernel = here(client);
      Kernel other = null;
      for (Kernel found : client.kernels("", 0)) {
        other = found.getId().equals(kernel.getId()) ? other : found;
      }
      if (other == null) {
        throw new AssertionError("the server has one kernel only");
      }
      var diff =
          client.diff(
              DiffKernelsRequest.newBuilder()
                  .setFromKernel(other.getId())
                  .setToKernel(kernel.getId())
                  .build());
      assertTrue(diff.getEventsCount() > 0);
      var same =
          client.diff(
              DiffSchemasRequest.newBuilder()
                  .setEvent(SWITCH)
                  .setFromVersion(1)
                  .setToVersion(1)
                  .build());
      assertEquals(0, same.getDiff().getChangesCount());
    }
  }

  @Test
  void an_address_that_is_silent_is_passed_over_and_answers_say_how_fresh_they_are() {
    String server = TestEnvironment.get("TRACERY_TEST_SERVER");
    try (SilentServer silent = SilentServer.start();
        TraceryClient client =
            TraceryClient.connect(silent.address() + "," + server, ClientOptions.defaults())) {
      long revision = client.status().getRevision();
      Freshness freshness = client.freshness().orElseThrow();
      assertTrue(freshness.revision() >= revision, freshness.toString());
      assertTrue(freshness.storeReachable());
      client.atLeast(revision);
      assertTrue(client.status().getRevision() >= revision);
    }
  }

  @Test
  void a_revision_that_nobody_has_is_not_here() {
    ClientOptions options =
        ClientOptions.defaults()
            .withAtLeastRevision(1_000_000_000)
            .withDeadline(Duration.ofSeconds(5));
    try (TraceryClient client =
        TraceryClient.connect(TestEnvironment.get("TRACERY_TEST_SERVER"), options)) {
      TraceryException failure = assertThrows(TraceryException.class, client::status);
      assertEquals(Optional.of("REVISION_NOT_HERE"), failure.reason());
    }
  }

  @Test
  void a_kernel_is_checked_and_its_registration_is_tried() throws Exception {
    Tracefs kernel = TestEnvironment.tracefs();
    String series = TestEnvironment.get("TRACERY_TEST_SERIES");
    try (TraceryClient client = connect()) {
      CheckKernelResponse checked =
          client.check(
              new KernelCheck(kernel.identity(), series, kernel.events(), Optional.empty()));
      assertTrue(checked.hasReport());
      var registered =
          client.register(
              new Registration(kernel.identity(), Optional.empty(), true, kernel.events()));
      assertEquals(kernel.identity().release(), registered.getKernel().getIdentity().getRelease());
      assertEquals(0, registered.getNewLayouts());
    }
  }

  @Test
  void who_uses_an_event_is_told() {
    try (TraceryClient client = connect()) {
      var uses = client.uses(FindUsesRequest.newBuilder().setEvent(SWITCH).build());
      assertEquals(uses.getUsesCount(), uses.getUseCount());
      TraceryException failure =
          assertThrows(
              TraceryException.class,
              () -> client.uses(FindUsesRequest.newBuilder().setEvent("sched").build()));
      assertEquals(Code.INVALID_ARGUMENT, failure.code());
    }
  }

  @Test
  void a_watch_goes_on_after_a_cut_without_gap_and_without_repeat() throws Exception {
    ServerAddress server = ServerAddress.parse(TestEnvironment.get("TRACERY_TEST_SERVER"));
    long last;
    List<WatchResponse> whole;
    try (TraceryClient client = connect()) {
      last = client.status().getRevision();
      try (ChangeWatcher watch = client.watch(0, _ -> {})) {
        whole = upTo(last, watch);
      }
    }
    long size = whole.stream().mapToLong(WatchResponse::getSerializedSize).sum();
    List<TraceryException> lost = new ArrayList<>();
    try (TcpProxy proxy = new TcpProxy(server.host(), server.port(), List.of(size / 2, size / 3));
        TraceryClient client = TraceryClient.connect(proxy.address(), ClientOptions.defaults());
        ChangeWatcher watch = client.watch(0, lost::add)) {
      assertEquals(whole, upTo(last, watch));
    }
    assertEquals(2, lost.size(), lost::toString);
  }

  private static List<WatchResponse> upTo(long last, ChangeWatcher watch) {
    List<WatchResponse> all = new ArrayList<>();
    while (watch.hasNext()) {
      WatchResponse revision = watch.next();
      all.add(revision);
      if (revision.getRevision() >= last) {
        return all;
      }
    }
    throw new AssertionError("the watch ended after " + all.size() + " revisions");
  }

  @Test
  void a_file_is_translated() throws Exception {
    Path file = Path.of(TestEnvironment.get("TRACERY_TEST_TRACE"));
    long expected = Long.parseLong(TestEnvironment.get("TRACERY_TEST_TRACE_EVENTS"));
    TranslateStart start =
        TranslateStart.newBuilder()
            .setFile(TraceFileSource.newBuilder().setName(file.toString()))
            .build();
    try (TraceryClient client = connect();
        TranslatedTrace trace = client.translate(start);
        InputStream in = Files.newInputStream(file)) {
      trace.sendFile(in);
      assertEquals(expected, events(trace));
    }
  }

  @Test
  void raw_pages_are_translated_as_they_come() throws Exception {
    Tracefs kernel = TestEnvironment.tracefs();
    try (TraceryClient client = connect()) {
      TranslateStart start =
          TranslateStart.newBuilder()
              .setRawPages(RawPagesSource.newBuilder().setKernel(here(client).getId()))
              .build();
      try (TranslatedTrace trace = client.translate(start)) {
        byte[] page = page(kernel);
        Thread sender =
            Thread.startVirtualThread(() -> {
              for (int i = 0; i < 50; i++) {
                trace.sendPages(i % 2, page);
              }
              trace.end();
            });
        assertEquals(50, events(trace));
        sender.join();
      }
    }
  }

  /// A page of the ring buffer with one record of sched_switch, all of whose fields are 0.
  private static byte[] page(Tracefs kernel) throws Exception {
    KernelIdentity identity = kernel.identity();
    boolean big = identity.target().byteOrder() == ByteOrder.BIG_ENDIAN;
    int id =
        dev.tracery.client.negotiate.FormatText.id(
            kernel.format(EventName.parse(SWITCH)).orElseThrow());
    int words = 20;
    ByteBuffer page =
        ByteBuffer.allocate(identity.pageSize())
            .order(big ? java.nio.ByteOrder.BIG_ENDIAN : java.nio.ByteOrder.LITTLE_ENDIAN)
            .putLong(1_000_000);
    int commit = 4 + 4 * words;
    if (identity.target().wordSize().bytes() == 8) {
      page.putLong(commit);
    } else {
      page.putInt(commit);
    }
    // type_len has 5 bits, the time's difference 27 (include/linux/ring_buffer.h).
    page.putInt(big ? words << 27 | 1 : 1 << 5 | words).putShort((short) id);
    return page.array();
  }

  private static long events(TranslatedTrace trace) {
    long events = 0;
    boolean ended = false;
    while (trace.hasNext()) {
      TraceItem item = trace.next();
      events += item.getEvents().getEventsCount();
      ended |= item.hasEnd();
      assertFalse(item.hasProblem(), item::toString);
    }
    assertTrue(ended);
    return events;
  }

  @Test
  void a_server_with_tls_wants_its_token() {
    String server = TestEnvironment.get("TRACERY_TEST_TLS_SERVER");
    Path authorities = Path.of(TestEnvironment.get("TRACERY_TEST_CA"));
    String token = TestEnvironment.get("TRACERY_TEST_TOKEN");
    ClientOptions tls =
        ClientOptions.defaults().withTls(TlsOptions.defaults().withAuthorities(authorities));
    try (TraceryClient client = TraceryClient.connect(server, tls.withToken(token))) {
      client.status();
      assertTrue(client.kernels("", 0).iterator().hasNext());
    }
    try (TraceryClient client = TraceryClient.connect(server, tls)) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> client.kernels("", 0).iterator());
      assertEquals(Code.UNAUTHENTICATED, failure.code());
    }
    try (TraceryClient client =
        TraceryClient.connect(server, ClientOptions.defaults().withTls().withToken(token))) {
      TraceryException failure =
          assertThrows(TraceryException.class, () -> client.kernels("", 0).iterator());
      assertEquals(Code.UNAVAILABLE, failure.code());
    }
  }
}
