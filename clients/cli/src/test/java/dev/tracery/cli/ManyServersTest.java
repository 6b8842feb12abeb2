package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.rpc.ErrorInfo;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.ExportResponse;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ServerStatus;
import dev.tracery.v1.StoreStatus;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the commands say of several servers over one log.
final class ManyServersTest {

  private static final Metadata.Key<String> AT_LEAST =
      Metadata.Key.of("tracery-at-least-revision", Metadata.ASCII_STRING_MARSHALLER);

  private static final String LITTLE =
      """
      version          0.1.0
      revision         20
      kernels          0
      events           0
      schema versions  0
      layouts          0
      tool versions    0
      starts seen      0, dropped 0, written 0, waiting 0
      """;

  private static Run status(GetStatusResponse.Builder status, String... options) {
    String[] line = new String[options.length + 1];
    line[0] = "status";
    System.arraycopy(options, 0, line, 1, options.length);
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                AdminServiceGrpc.getGetStatusMethod(),
                request ->
                    status
                        .setStateHash(request.getStateHash() ? Answers.hash(7) : ByteString.EMPTY)
                        .build())
            .start()) {
      return Run.at(server.address(), line);
    }
  }

  private static GetStatusResponse.Builder twoServers() {
    Instant now = Instant.now();
    return GetStatusResponse.newBuilder()
        .setVersion("0.1.0")
        .setRevision(20)
        .setStore("postgres")
        .setStoreSizeBytes(2048)
        .setStoreStatus(StoreStatus.newBuilder().setReachable(true).setAgeMillis(3))
        .setSnapshotRevision(16)
        .addServers(server("one:7411", 17, 3, now.minusSeconds(20)))
        .addServers(server("two.example:7411", 20, 0, now.plusSeconds(5)).setSelf(true));
  }

  private static ServerStatus.Builder server(
      String address, long revision, long lag, Instant heard) {
    return ServerStatus.newBuilder()
        .setAddress(address)
        .setVersion("0.1.0")
        .setRevision(revision)
        .setLag(lag)
        .setStarted(Timestamp.newBuilder().setSeconds(1_700_000_000))
        .setHeard(Timestamp.newBuilder().setSeconds(heard.getEpochSecond()));
  }

  @Test
  void the_servers_are_a_table() {
    Run run = status(twoServers(), "--state-hash");
    assertEquals(0, run.status(), run.err());
    assertEquals(
        LITTLE
            + """
            store            postgres, 2.0 KiB
            snapshot         revision 16
            state hash       0707070707070707070707070707070707070707070707070707070707070707

               SERVER            VERSION  REVISION  LAG  HEARD OF  STARTED
               one:7411          0.1.0          17    3  NN s ago  2023-11-14T22:13:20Z
            *  two.example:7411  0.1.0          20    0  now       2023-11-14T22:13:20Z
            """,
        run.out().replaceAll("2[0-9] s ago", "NN s ago"));
  }

  @Test
  void a_store_that_is_away_is_said_with_its_problem() {
    GetStatusResponse.Builder status = twoServers();
    status.clearServers().clearSnapshotRevision();
    status
        .getStoreStatusBuilder()
        .setReachable(false)
        .setAgeMillis(63_900)
        .setProblem("no route to db\u001b[2J");
    Run run = status(status);
    assertEquals(
        LITTLE
            + "store            postgres, 2.0 KiB; cannot be reached: no route to db\\x1b[2J; what is"
            + " answered was known 63 s ago, and writes are refused\n",
        run.out());
    assertEquals(0, run.status());
  }

  @Test
  void json_has_all_of_it() {
    String out = status(twoServers(), "--output", "json").out();
    for (String part :
        List.of(
            "\"storeStatus\":{\"reachable\":true,\"ageMillis\":\"3\"",
            "\"snapshotRevision\":\"16\"",
            "\"address\":\"two.example:7411\"",
            "\"lag\":\"3\"",
            "\"self\":true")) {
      assertTrue(out.contains(part), out);
    }
  }

  @Test
  void what_is_wanted_at_least_goes_with_every_call() {
    List<String> wanted = new CopyOnWriteArrayList<>();
    try (FakeServer server = Answers.registry().intercepted(collecting(wanted)).start()) {
      assertEquals(0, Run.at(server.address(), "kernels", "--at-least-revision", "17").status());
      assertTrue(!wanted.isEmpty() && wanted.stream().allMatch("17"::equals), wanted::toString);

      wanted.clear();
      assertEquals(0, Run.at(server.address(), "status").status());
      assertEquals(List.of("-"), wanted);
    }
    Run wrong = Run.of("status", "--at-least-revision=-1");
    assertEquals(2, wrong.status());
    assertEquals("tracery: --at-least-revision: expected 0 or more but found -1\n", wrong.err());
  }

  @Test
  void a_server_that_refuses_for_now_has_answered() {
    var refusal =
        com.google.rpc.Status.newBuilder()
            .setCode(Status.Code.UNAVAILABLE.value())
            .setMessage("revision 7 is not on this server")
            .addDetails(
                Any.pack(
                    ErrorInfo.newBuilder()
                        .setReason("REVISION_NOT_HERE")
                        .setDomain("tracery.dev")
                        .build()))
            .build();
    try (FakeServer server =
        FakeServer.builder()
            .unary(
                AdminServiceGrpc.getGetStatusMethod(),
                request -> {
                  throw StatusProto.toStatusRuntimeException(refusal);
                })
            .start()) {
      assertEquals(
          new Run(3, "", "tracery: revision 7 is not on this server\n"),
          Run.at(server.address(), "status"));
    }
  }

  private static ServerInterceptor collecting(List<String> wanted) {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        String value = headers.get(AT_LEAST);
        wanted.add(value == null ? "-" : value);
        return next.startCall(call, headers);
      }
    };
  }

  @Test
  void an_export_is_of_the_revision_whose_hash_it_says(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("x");
    List<Long> asked = new CopyOnWriteArrayList<>();
    try (FakeServer server = exporting(asked, true)) {
      Run run = Run.at(server.address(), "export", file.toString());
      assertEquals(
          """
          exported 3 bytes to FILE
          revision    12
          sha256      ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
          state hash  0707070707070707070707070707070707070707070707070707070707070707
          """,
          run.err().replace(file.toString(), "FILE"));
      assertEquals("abc", Files.readString(file));

      Run older = Run.at(server.address(), "export", "--at-revision", "3", "-");
      assertEquals("abc", older.out());
      assertEquals(
          """
          revision    3
          sha256      ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
          """,
          older.err());
    }
    assertEquals(List.of(12L, 3L), asked);
  }

  @Test
  void an_export_needs_no_hash_of_the_state(@TempDir Path folder) {
    List<Long> asked = new CopyOnWriteArrayList<>();
    try (FakeServer server = exporting(asked, false)) {
      Run run = Run.at(server.address(), "export", folder.resolve("x").toString());
      assertEquals(0, run.status());
      assertTrue(!run.err().contains("state hash"), run.err());
    }
    assertEquals(List.of(0L), asked);
  }

  private static FakeServer exporting(List<Long> asked, boolean hashes) {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> {
              if (request.getStateHash() && !hashes) {
                throw Status.INTERNAL.asRuntimeException();
              }
              return GetStatusResponse.newBuilder()
                  .setRevision(12)
                  .setStateHash(Answers.hash(7))
                  .build();
            })
        .streaming(
            AdminServiceGrpc.getExportMethod(),
            (request, observer) -> {
              asked.add(request.getAtRevision());
              observer.onNext(
                  ExportResponse.newBuilder().setChunk(ByteString.copyFromUtf8("abc")).build());
              observer.onCompleted();
            })
        .start();
  }
}
