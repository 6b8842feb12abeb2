package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.client.ChangeWatcher;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelEvent;
import dev.tracery.v1.RegistryChange;
import dev.tracery.v1.WatchResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The log from outside: earlier revisions, and a watch over the server's death.
class HistoryTest {

  private static final SampleKernel OLD = SampleKernel.read("debian-bullseye-5.10.0-46-amd64");
  private static final SampleKernel NEW = SampleKernel.read("debian-trixie-6.12.117-amd64");

  @TempDir Path data;

  @Test
  void an_earlier_revision_answers_as_it_did_then() {
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      long first = client.register(Registrations.of(OLD)).getRevision();
      List<Kernel> kernels = kernels(client, 0);
      List<KernelEvent> lineages = events(client, "", 0);
      List<KernelEvent> events = events(client, OLD.identity().release(), 0);
      client.register(Registrations.of(NEW));

      assertEquals(2, kernels(client, 0).size());
      assertEquals(kernels, kernels(client, first));
      assertEquals(lineages, events(client, "", first));
      assertEquals(events, events(client, OLD.identity().release(), first));
    }
  }

  @Test
  void a_watch_goes_on_where_it_was_after_the_server_was_killed() throws Exception {
    ServerProcess server = ServerProcess.start(data);
    String address = server.address();
    try (TraceryClient client = TraceryClient.connect(address, ClientOptions.defaults());
        ChangeWatcher watch = client.watch(0, _ -> {})) {
      client.register(Registrations.of(OLD));
      assertEquals(List.of(1L, OLD.identity().release()), seen(watch.next()));

      server.kill();
      server = ServerProcess.start(data, address);
      try (TraceryClient again = TraceryClient.connect(address, ClientOptions.defaults())) {
        again.register(Registrations.of(NEW));
      }
      assertEquals(List.of(2L, NEW.identity().release()), seen(watch.next()));
    } finally {
      server.close();
    }
  }

  /// The revision and the kernels that were registered in it.
  private static List<Object> seen(WatchResponse revision) {
    List<Object> seen = new ArrayList<>(List.of(revision.getRevision()));
    revision.getChangesList().stream()
        .filter(RegistryChange::hasKernelRegistered)
        .map(change -> change.getKernelRegistered().getIdentity().getRelease())
        .forEach(seen::add);
    return seen;
  }

  private static List<Kernel> kernels(TraceryClient client, long revision) {
    return list(client.kernels("", revision));
  }

  private static List<KernelEvent> events(TraceryClient client, String kernel, long revision) {
    return list(client.events(kernel, "", revision));
  }

  private static <T> List<T> list(Iterable<T> all) {
    return StreamSupport.stream(all.spliterator(), false).toList();
  }
}
