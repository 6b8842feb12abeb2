package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Code;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.SchemaVersionAdded;
import dev.tracery.v1.WatchRequest;
import dev.tracery.v1.WatchResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;

final class ChangeWatcherTest {

  private final List<Long> asked = Collections.synchronizedList(new ArrayList<>());
  private final List<TraceryException> lost = new ArrayList<>();

  @Test
  void goesOnAfterTheLastRevisionThatCameWhole() {
    try (FakeServer server =
            server(
                    (request, answers) -> {
                      if (asked.size() == 1) {
                        answers.onNext(revision(4, false, "a/one"));
                        answers.onNext(revision(5, true, "a/two"));
                        answers.onError(Status.UNAVAILABLE.asRuntimeException());
                      } else {
                        answers.onNext(revision(5, true, "a/two"));
                        answers.onNext(revision(5, false, "a/three"));
                      }
                    })
                .start();
        TraceryClient client = connect(server);
        ChangeWatcher watcher = client.watch(3, lost::add)) {
      assertEquals(revision(4, false, "a/one"), watcher.next());
      assertEquals(revision(5, false, "a/two", "a/three"), watcher.next());
      assertEquals(List.of(3L, 4L), asked);
      assertEquals(List.of(Code.UNAVAILABLE), lost.stream().map(TraceryException::code).toList());
    }
  }

  @Test
  void waitsForAServerThatComesBack() {
    FakeServer.Builder builder =
        server((request, answers) ->
            answers.onNext(revision(request.getAfterRevision() + 1, false, "a/b")));
    FakeServer first = builder.start();
    int port = first.port();
    try (TraceryClient client = connect(first);
        ChangeWatcher watcher = client.watch(0, lost::add)) {
      assertEquals(1, watcher.next().getRevision());
      first.close();
      CompletableFuture<FakeServer> second = new CompletableFuture<>();
      Thread.ofVirtual()
          .start(() -> {
            while (lost.size() < 2) {
              Thread.onSpinWait();
            }
            second.complete(builder.start(port));
          });

      assertEquals(2, watcher.next().getRevision());
      second.join().close();
    }
  }

  @Test
  void doesNotTryAgainWhatIsRefused() {
    try (FakeServer server =
            server((request, answers) ->
                    answers.onError(
                        Status.OUT_OF_RANGE
                            .withDescription("the head is at 2")
                            .asRuntimeException()))
                .start();
        TraceryClient client = connect(server);
        ChangeWatcher watcher = client.watch(9, lost::add)) {
      TraceryException failure = assertThrows(TraceryException.class, watcher::hasNext);

      assertEquals(Code.OUT_OF_RANGE, failure.code());
      assertEquals("the head is at 2", failure.getMessage());
      assertEquals(List.of(9L), asked);
      assertFalse(watcher.hasNext());
    }
  }

  @Test
  void endsWhenItIsClosedWhileItWaits() throws Exception {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    try (FakeServer server = server((request, answers) -> reached.complete(null)).start();
        TraceryClient client = connect(server);
        ChangeWatcher watcher = client.watch(0, lost::add)) {
      CompletableFuture<Boolean> answer = CompletableFuture.supplyAsync(watcher::hasNext);
      reached.get();
      Runnable close = watcher::close;
      close.run();

      assertFalse(answer.get());
      assertTrue(lost.isEmpty());
    }
  }

  private FakeServer.Builder server(BiConsumer<WatchRequest, StreamObserver<WatchResponse>> watch) {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> GetStatusResponse.getDefaultInstance())
        .streaming(
            RegistryServiceGrpc.getWatchMethod(),
            (request, answers) -> {
              asked.add(request.getAfterRevision());
              watch.accept(request, answers);
            });
  }

  private static WatchResponse revision(long number, boolean more, String... events) {
    WatchResponse.Builder revision = WatchResponse.newBuilder().setRevision(number).setMore(more);
    for (String event : events) {
      revision.addChanges(
          RegistryChange.newBuilder()
              .setSchemaVersionAdded(SchemaVersionAdded.newBuilder().setEvent(event)));
    }
    return revision.build();
  }

  private static TraceryClient connect(FakeServer server) {
    return TraceryClient.connect(server.address(), ClientOptions.defaults());
  }
}
