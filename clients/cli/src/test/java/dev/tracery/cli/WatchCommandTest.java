package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.Timestamp;
import dev.tracery.client.FakeServer;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.RegistryServiceGrpc;
import dev.tracery.v1.SchemaVersionAdded;
import dev.tracery.v1.SeriesJoined;
import dev.tracery.v1.WatchResponse;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class WatchCommandTest {

  private final List<Long> asked = new ArrayList<>();

  @Test
  void writesOneLineForEachChangeAndGoesOnWhenTheRegistryIsBack() {
    try (FakeServer server = server()) {
      Golden.check("watch", Run.at(server.address(), "watch", "--after", "3").toString());
      assertEquals(List.of(3L, 4L, 5L), asked);
    }
  }

  @Test
  void writesOneObjectForEachChange() {
    try (FakeServer server = server()) {
      Golden.check(
          "watch-json",
          Run.at(server.address(), "watch", "--after", "0", "--output", "json").toString());
    }
  }

  @Test
  void beginsWithWhatHappensFromNowOn() {
    try (FakeServer server = server()) {
      Run.at(server.address(), "watch");

      assertEquals(9L, asked.getFirst());
    }
  }

  /// One revision, then away; another, then away; then it refuses, or the command would never end.
  private FakeServer server() {
    return FakeServer.builder()
        .unary(
            AdminServiceGrpc.getGetStatusMethod(),
            request -> GetStatusResponse.newBuilder().setRevision(9).build())
        .streaming(
            RegistryServiceGrpc.getWatchMethod(),
            (request, answers) -> {
              asked.add(request.getAfterRevision());
              WatchResponse.Builder revision =
                  WatchResponse.newBuilder()
                      .setRevision(request.getAfterRevision() + 1)
                      .setTime(Timestamp.newBuilder().setSeconds(1_795_400_000));
              switch (asked.size()) {
                case 1 -> {
                  revision
                      .addChanges(RegistryChange.newBuilder().setKernelRegistered(Answers.OLD))
                      .addChanges(
                          RegistryChange.newBuilder()
                              .setSchemaVersionAdded(
                                  SchemaVersionAdded.newBuilder().setEvent("a/b").setVersion(2)));
                  answers.onNext(revision.build());
                  answers.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
                }
                case 2 -> {
                  revision.addChanges(
                      RegistryChange.newBuilder()
                          .setSeriesJoined(
                              SeriesJoined.newBuilder().setKernel("0123").setSeries("debian")));
                  answers.onNext(revision.build());
                  answers.onError(Status.UNAVAILABLE.withDescription("gone").asRuntimeException());
                }
                default ->
                    answers.onError(
                        Status.OUT_OF_RANGE
                            .withDescription("the latest revision is 2")
                            .asRuntimeException());
              }
            })
        .start();
  }
}
