package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Timestamp;
import dev.tracery.model.EventName;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.RegistryChange.KernelRegistered;
import dev.tracery.registry.Registry.RegistryChange.SchemaVersionAdded;
import dev.tracery.registry.RegistryException;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.SeriesJoined;
import dev.tracery.v1.TypesAdded;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WatchCallTest {

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;
  private final Recorder<WatchRequest, WatchResponse> watcher = Recorder.eager();

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void every_kind_of_change_is_told_with_its_revision_and_time() {
    registry.append(List.of());
    registry.append(
        List.of(
            new KernelRegistered(Samples.kernel("00000000000000aa")),
            new Registry.RegistryChange.SeriesJoined("00000000000000aa", "debian"),
            new SchemaVersionAdded(Samples.SWITCH, 4),
            new Registry.RegistryChange.TypesAdded("00000000000000aa")));
    watch(1);
    TestServer.eventually(() -> !watcher.received().isEmpty());
    assertEquals(
        List.of(
            WatchResponse.newBuilder()
                .setRevision(2)
                .setTime(Timestamp.newBuilder().setSeconds(1_000_002).setNanos(5))
                .addChanges(
                    RegistryChange.newBuilder()
                        .setKernelRegistered(Samples.kernelMessage("00000000000000aa")))
                .addChanges(
                    RegistryChange.newBuilder()
                        .setSeriesJoined(
                            SeriesJoined.newBuilder()
                                .setKernel("00000000000000aa")
                                .setSeries("debian")))
                .addChanges(
                    RegistryChange.newBuilder()
                        .setSchemaVersionAdded(
                            dev.tracery.v1.SchemaVersionAdded.newBuilder()
                                .setEvent("sched/sched_switch")
                                .setVersion(4)))
                .addChanges(
                    RegistryChange.newBuilder()
                        .setTypesAdded(TypesAdded.newBuilder().setKernel("00000000000000aa")))
                .build()),
        watcher.received());
  }

  @Test
  void past_and_present_come_in_order_without_gaps() {
    for (int i = 0; i < 30; i++) {
      registry.append(List.of());
    }
    watch(0);
    for (int i = 0; i < 300; i++) {
      registry.append(List.of());
    }
    TestServer.eventually(() -> watcher.received().size() >= 330);
    assertEquals(
        LongStream.rangeClosed(1, 330).boxed().toList(),
        watcher.received().stream().map(WatchResponse::getRevision).toList());
  }

  @Test
  void a_revision_with_many_changes_is_split() {
    List<Registry.RegistryChange> changes = new ArrayList<>();
    for (int i = 0; i < 1200; i++) {
      changes.add(new SchemaVersionAdded(new EventName("s", "e" + i), 1));
    }
    registry.append(changes);
    watch(0);
    TestServer.eventually(() -> watcher.received().size() >= 3);
    assertEquals(
        List.of("1 500 true", "1 500 true", "1 200 false"),
        watcher.received().stream()
            .map(part -> part.getRevision() + " " + part.getChangesCount() + " " + part.getMore())
            .toList());
  }

  @Test
  void a_slow_watcher_makes_the_server_wait_and_misses_nothing() {
    List<Registry.RegistryChange> big = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      big.add(new SchemaVersionAdded(new EventName("s", "e".repeat(200) + i), 1));
    }
    for (int i = 0; i < 400; i++) {
      registry.append(big);
    }
    Recorder<WatchRequest, WatchResponse> slow = Recorder.slow();
    server.streams().watch(WatchRequest.getDefaultInstance(), slow);
    slow.request(1);
    TestServer.eventually(() -> slow.received().size() == 1);
    // By the time that an eager one has everything, the slow one's share of the reads would be as
    // large, if nothing held it back. About 100 KB a revision: a few fit into the transport.
    watch(0);
    TestServer.eventually(() -> watcher.received().size() == 400);
    int readsOfTheEagerOne = 400 / 8;
    assertTrue(registry.asked.size() < readsOfTheEagerOne + 10, "reads ahead: " + registry.asked);

    slow.request(1000);
    TestServer.eventually(() -> slow.received().size() == 400);
    assertEquals(
        LongStream.rangeClosed(1, 400).boxed().toList(),
        slow.received().stream().map(WatchResponse::getRevision).toList());
  }

  @Test
  void a_revision_that_is_not_there_yet_is_out_of_range() {
    watch(1);
    assertTrue(
        watcher
            .refusal()
            .startsWith(
                "OUT_OF_RANGE: after_revision: expected a revision up to 0, the latest, but found"
                    + " 1\n"),
        watcher.refusal());
  }

  @Test
  void a_revision_that_only_this_server_has_not_read_is_waited_for() {
    registry.freshness = new Registry.Freshness(true, Duration.ofMillis(3), "");
    watch(1);
    TestServer.eventually(() -> !registry.waits.isEmpty());
    registry.append(List.of());
    registry.append(List.of());
    TestServer.eventually(() -> watcher.received().size() == 1);
    assertEquals(2, watcher.received().getFirst().getRevision());
  }

  @Test
  void without_the_store_nobody_knows_whether_there_is_such_a_revision() {
    registry.freshness = new Registry.Freshness(false, Duration.ofSeconds(3), "it is away");
    registry.failure = new RegistryException(RegistryException.Code.UNAVAILABLE, "store", "away");
    watch(1);
    assertTrue(
        watcher.refusal().startsWith("UNAVAILABLE: revision 1 is not on this server"),
        watcher.refusal());
  }

  @Test
  void cancelling_ends_the_subscription() {
    watch(0);
    TestServer.eventually(() -> registry.listeners.size() == 1);
    watcher.cancel();
    TestServer.eventually(registry.listeners::isEmpty);
  }

  @Test
  void stopping_the_server_ends_watches_with_unavailable() {
    watch(0);
    TestServer.eventually(() -> registry.listeners.size() == 1);
    server.server.close();
    assertEquals(
        """
        UNAVAILABLE: the server is stopping; resume from the last revision that you have whole
        ErrorInfo { reason: "SERVER_STOPPING" domain: "tracery.dev" }
        RetryInfo { retry_delay { seconds: 1 } }
        """,
        watcher.refusal());
  }

  @Test
  void a_registry_that_goes_away_ends_watches_with_unavailable() {
    watch(0);
    TestServer.eventually(() -> registry.listeners.size() == 1);
    server.current.clear(registry);
    assertTrue(watcher.refusal().startsWith("UNAVAILABLE: "), watcher.refusal());
    TestServer.eventually(registry.listeners::isEmpty);
  }

  private void watch(long afterRevision) {
    server
        .streams()
        .watch(WatchRequest.newBuilder().setAfterRevision(afterRevision).build(), watcher);
  }
}
