package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Freshness;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.ExportRequest;
import dev.tracery.v1.ExportResponse;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ImportRequest;
import dev.tracery.v1.ImportResponse;
import dev.tracery.v1.ObservationStatus;
import dev.tracery.v1.ServerStatus;
import dev.tracery.v1.StoreStatus;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class AdminCallsTest {

  private final TestServer server = new TestServer();
  private final FakeRegistry registry = server.registry;
  private final AdminServiceGrpc.AdminServiceStub streams =
      AdminServiceGrpc.newStub(server.channel);

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void the_status_is_answered_whole() {
    assertEquals(
        GetStatusResponse.newBuilder()
            .setVersion("0.1.0")
            .setEventCount(2)
            .setSchemaVersionCount(3)
            .setLayoutCount(4)
            .setStore("memory")
            .setStoreSizeBytes(5)
            .setConsumerVersionCount(6)
            .setObservations(
                ObservationStatus.newBuilder()
                    .setObservedCount(9)
                    .setCoalescedCount(4)
                    .setDroppedCount(2)
                    .setWrittenCount(3)
                    .setWaitingCount(1)
                    .setTrackedCount(7))
            .setStoreStatus(StoreStatus.newBuilder().setReachable(true))
            .build(),
        server.admin().getStatus(GetStatusRequest.getDefaultInstance()));
  }

  @Test
  void the_status_says_how_the_server_stands_with_its_store_and_which_others_there_are() {
    registry.freshness = new Freshness(false, Duration.ofMillis(4321), "the database is away");
    registry.snapshotRevision = 17;
    registry.servers.add(
        new Registry.ServerStatus(
            "id",
            "a:1",
            "0.2.0",
            20,
            3,
            Instant.ofEpochSecond(100, 5),
            Instant.ofEpochSecond(200),
            true));

    GetStatusResponse status = server.admin().getStatus(GetStatusRequest.getDefaultInstance());

    assertEquals(
        StoreStatus.newBuilder().setAgeMillis(4321).setProblem("the database is away").build(),
        status.getStoreStatus());
    assertEquals(17, status.getSnapshotRevision());
    assertEquals(
        List.of(
            ServerStatus.newBuilder()
                .setId("id")
                .setAddress("a:1")
                .setVersion("0.2.0")
                .setRevision(20)
                .setLag(3)
                .setStarted(Timestamp.newBuilder().setSeconds(100).setNanos(5))
                .setHeard(Timestamp.newBuilder().setSeconds(200))
                .setSelf(true)
                .build()),
        status.getServersList());
    assertTrue(status.getStateHash().isEmpty());
    assertEquals(List.of("status"), registry.asked);
  }

  @Test
  void the_hash_of_the_state_is_of_the_revision_beside_it() {
    registry.meanwhile.set(() -> registry.append(List.of()));

    GetStatusResponse status =
        server.admin().getStatus(GetStatusRequest.newBuilder().setStateHash(true).build());

    assertEquals(1, status.getRevision());
    assertEquals(ByteString.copyFrom(FakeRegistry.KNOWN.bytes()), status.getStateHash());
  }

  @Test
  void an_export_arrives_byte_for_byte() throws IOException {
    registry.exportBytes = 1_000_000;
    ByteArrayOutputStream received = new ByteArrayOutputStream();
    server
        .admin()
        .export(ExportRequest.getDefaultInstance())
        .forEachRemaining(part -> received.writeBytes(part.getChunk().toByteArray()));
    ByteArrayOutputStream expected = new ByteArrayOutputStream();
    registry.export(expected, 0);
    assertArrayEquals(expected.toByteArray(), received.toByteArray());
  }

  @Test
  void a_slow_reader_makes_the_export_wait() {
    registry.exportBytes = 200_000_000;
    Recorder<ExportRequest, ExportResponse> slow = Recorder.slow();
    streams.export(ExportRequest.getDefaultInstance(), slow);
    slow.request(2);
    TestServer.eventually(() -> slow.received().size() == 2);
    assertTrue(registry.exported.get() < 10_000_000, "wrote " + registry.exported);
    slow.cancel();
    TestServer.eventually(() -> slow.end() != null);
    long written = registry.exported.get();
    assertTrue(written < 10_000_000, "wrote " + written);
  }

  @Test
  void an_export_of_the_future_is_out_of_range() {
    assertTrue(
        TestServer.refusal(() ->
                server.admin().export(ExportRequest.newBuilder().setAtRevision(3).build()).next())
            .startsWith("OUT_OF_RANGE: at_revision: "));
  }

  @Test
  void an_import_is_read_to_its_end() {
    Recorder<ImportRequest, ImportResponse> answer = Recorder.eager();
    StreamObserver<ImportRequest> stream = streams.import_(answer);
    for (int i = 0; i < 100; i++) {
      stream.onNext(chunk(300_000));
      stream.onNext(chunk(0));
    }
    stream.onCompleted();
    assertNull(answer.end());
    assertEquals(List.of(ImportResponse.getDefaultInstance()), answer.received());
    assertEquals(30_000_000, registry.imported.get());
  }

  @Test
  void a_damaged_import_is_data_loss() {
    Recorder<ImportRequest, ImportResponse> answer = Recorder.eager();
    StreamObserver<ImportRequest> stream = streams.import_(answer);
    stream.onNext(chunk(77));
    stream.onCompleted();
    assertEquals(
        """
        DATA_LOSS: the export cannot be read: it ends within a record, at byte 77
        ErrorInfo { reason: "DATA_DAMAGED" domain: "tracery.dev" }
        """,
        answer.refusal());
  }

  @Test
  void an_import_that_breaks_off_never_looks_complete() {
    Recorder<ImportRequest, ImportResponse> answer = Recorder.eager();
    StreamObserver<ImportRequest> stream = streams.import_(answer);
    stream.onNext(chunk(1000));
    TestServer.eventually(() -> registry.asked.contains("importFrom"));
    answer.cancel();
    TestServer.eventually(() -> answer.end() != null);
    server.server.close();
    assertEquals(0, registry.imported.get());
  }

  private static ImportRequest chunk(int size) {
    return ImportRequest.newBuilder().setChunk(ByteString.copyFrom(new byte[size])).build();
  }
}
