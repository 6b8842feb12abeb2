package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.IdentityWriter;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.NegotiateRequest;
import dev.tracery.v1.NegotiateResponse;
import dev.tracery.v1.Requirement;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A server that is stopped (`SIGSTOP`) takes calls and says nothing. A client of several addresses
/// goes on to the next, and comes back. The two servers here have a log each, by which they are
/// told apart.
class PausedServerTest {

  @TempDir Path folder;

  @Test
  void a_client_goes_on_to_the_next_address_and_comes_back() throws Exception {
    SampleKernel sample = SampleKernel.all().getFirst();
    try (ServerProcess paused = ServerProcess.start(folder.resolve("a"));
        ServerProcess other = ServerProcess.start(folder.resolve("b"))) {
      try (TraceryClient client = connect(paused, other);
          TraceryClient ofOther = connect(other);
          ChangeWatcher watcher = client.watch(0, _ -> {})) {
        assertEquals(0, client.status().getKernelCount());
        AtomicBoolean heard = new AtomicBoolean();
        Thread watching = Thread.ofVirtual().unstarted(() -> heard.set(watcher.hasNext()));
        watching.start();
        signal(paused, "STOP");
        try {
          // What writes finds a server first, and what was connected to the paused one leaves it.
          try (TraceryClient late = connect(paused, other)) {
            long revision = late.register(Registrations.of(sample)).getRevision();
            assertEquals(1, ofOther.status().getKernelCount());
            assertEquals(1, client.status().getKernelCount());
            NegotiateResponse answer =
                client.negotiate(negotiation(sample), Duration.ofSeconds(30));
            assertEquals(revision, answer.getRevision());
            // Its connection finds out by itself that nobody answers any more.
            watching.join();
            assertTrue(heard.get());
            assertEquals(revision, watcher.next().getRevision());
          }
        } finally {
          signal(paused, "CONT");
        }
        other.kill();
        assertEquals(0, client.status().getKernelCount());
      }
    }
  }

  private static NegotiateRequest negotiation(SampleKernel sample) {
    return NegotiateRequest.newBuilder()
        .setTool(
            Consumer.newBuilder()
                .setName("paused")
                .setVersion("1")
                .addRequirements(
                    Requirement.newBuilder()
                        .addAnyOf(
                            EventUse.newBuilder()
                                .setEvent("sched/sched_switch")
                                .setAccess(AccessClass.ACCESS_CLASS_BY_NAME))))
        .setKernel(IdentityWriter.write(sample.identity()))
        .setDryRun(true)
        .build();
  }

  private static TraceryClient connect(ServerProcess... servers) {
    String addresses =
        Arrays.stream(servers).map(ServerProcess::address).collect(Collectors.joining(","));
    return TraceryClient.connect(addresses, ClientOptions.defaults());
  }

  private static void signal(ServerProcess server, String name)
      throws IOException, InterruptedException {
    String pid = Long.toString(server.process().pid());
    assertEquals(0, new ProcessBuilder("kill", "-" + name, pid).inheritIO().start().waitFor());
  }
}
