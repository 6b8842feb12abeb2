package dev.tracery.fault;

import dev.tracery.client.TraceryException;
import dev.tracery.model.Sha256;
import dev.tracery.v1.AdminServiceGrpc;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Servers after the last fault: waits until they have caught up by themselves, and reads what they
/// have.
final class Settled {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private Settled() {}

  /// Waits until all servers are at one revision and nobody has anything to write.
  ///
  /// @return what is wrong, if they do not get there
  static Optional<String> await(Cluster cluster) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    List<String> before = List.of();
    while (true) {
      List<String> now = new ArrayList<>();
      boolean equal = true;
      long revision = -1;
      for (Node node : cluster.nodes()) {
        try (Client client = new Client(node.number(), node.address())) {
          GetStatusResponse status = client.registry().status();
          equal &=
              (revision < 0 || revision == status.getRevision())
                  && status.getObservations().getWaitingCount() == 0
                  && status.getStoreStatus().getReachable();
          revision = status.getRevision();
          now.add(
              "server %d is at %d, writes %d more, store %s"
                  .formatted(
                      node.number(),
                      status.getRevision(),
                      status.getObservations().getWaitingCount(),
                      status.getStoreStatus().getProblem()));
        } catch (TraceryException e) {
          equal = false;
          now.add("server " + node.number() + ": " + e.getMessage());
        }
      }
      // Twice, because a write may be under way.
      if (equal && now.equals(before)) {
        return Optional.empty();
      }
      if (System.nanoTime() > end) {
        return Optional.of(
            "a minute after the last fault servers are not equal: " + String.join("; ", now));
      }
      before = now;
      Thread.sleep(700);
    }
  }

  /// What every server has.
  ///
  /// @param when for messages
  static List<ServerState> read(Cluster cluster, String when) throws IOException {
    List<ServerState> states = new ArrayList<>();
    for (Node node : cluster.nodes()) {
      try (Client client = new Client(node.number(), node.address())) {
        GetStatusResponse status = status(node);
        ByteArrayOutputStream export = new ByteArrayOutputStream();
        client.registry().exportTo(export, 0);
        states.add(
            new ServerState(
                "server " + node.number() + " " + when,
                status.getRevision(),
                HexFormat.of().formatHex(status.getStateHash().toByteArray()),
                Sha256.of(export.toByteArray()).toString(),
                LoggedCommit.readAll(export.toByteArray()),
                Watcher.all(client, status.getRevision())));
      }
    }
    return states;
  }

  private static GetStatusResponse status(Node node) {
    ManagedChannel channel =
        Grpc.newChannelBuilder(node.address(), InsecureChannelCredentials.create()).build();
    try {
      return AdminServiceGrpc.newBlockingStub(channel)
          .withDeadlineAfter(60, TimeUnit.SECONDS)
          .getStatus(GetStatusRequest.newBuilder().setStateHash(true).build());
    } finally {
      channel.shutdownNow();
    }
  }
}
