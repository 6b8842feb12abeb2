package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.model.EventName;
import dev.tracery.v1.Kernel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` of the server at any moment of a registration.
class KilledServerTest {

  private static final int ROUNDS = 6;

  @TempDir Path data;

  @Test
  void what_was_acknowledged_is_there_whole_and_nothing_is_there_in_part() throws Exception {
    Random random = new Random(11);
    List<SampleKernel> samples = SampleKernel.all();
    Map<String, SampleKernel> byRelease = new TreeMap<>();
    samples.forEach(sample -> byRelease.put(sample.identity().release(), sample));
    List<Registration> pending = new ArrayList<>(samples.stream().map(Registrations::of).toList());
    List<String> acknowledged = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      try (ServerProcess server = ServerProcess.start(data);
          TraceryClient client =
              TraceryClient.connect(server.address(), ClientOptions.defaults())) {
        assertComplete(client, byRelease, acknowledged);
        // Why: from before the first byte is sent to well after the answer.
        long delay = random.nextLong(1500);
        Thread killer = Thread.ofVirtual().start(() -> killAfter(server, delay));
        acknowledged.addAll(register(client, pending));
        killer.join();
      }
      pending.removeIf(registration -> acknowledged.contains(registration.identity().release()));
    }
    try (ServerProcess server = ServerProcess.start(data);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      assertComplete(client, byRelease, acknowledged);
      for (Registration registration : pending) {
        client.register(registration);
        acknowledged.add(registration.identity().release());
      }
      assertComplete(client, byRelease, acknowledged);
      assertEquals(samples.size(), client.status().getKernelCount());
    }
  }

  /// Registers until the server is gone.
  ///
  /// @return the releases that were acknowledged
  private static List<String> register(TraceryClient client, List<Registration> registrations) {
    List<String> acknowledged = new ArrayList<>();
    try {
      for (Registration registration : registrations) {
        acknowledged.add(client.register(registration).getKernel().getIdentity().getRelease());
      }
    } catch (TraceryException _) {
      // the server was killed
    }
    return acknowledged;
  }

  /// The registry has every acknowledged kernel, and each kernel that it has is whole: one that was
  /// stored but whose acknowledgement was lost may be there.
  private static void assertComplete(
      TraceryClient client, Map<String, SampleKernel> byRelease, List<String> acknowledged) {
    List<String> there = new ArrayList<>();
    for (Kernel kernel : client.kernels("", 0)) {
      String release = kernel.getIdentity().getRelease();
      there.add(release);
      SampleKernel sample = byRelease.get(release);
      assertTrue(sample != null, release);
      SortedMap<EventName, Integer> expected = new TreeMap<>();
      sample.formats().forEach((event, text) -> expected.put(event, FormatText.id(text)));
      SortedMap<EventName, Integer> found = new TreeMap<>();
      client
          .events(kernel.getId(), "", 0)
          .forEach(event -> found.put(EventName.parse(event.getEvent()), event.getId()));
      assertEquals(expected, found);
    }
    assertTrue(
        there.containsAll(acknowledged), "acknowledged " + acknowledged + ", there are " + there);
    assertEquals(there.stream().distinct().count(), there.size());
  }

  private static void killAfter(ServerProcess server, long millis) {
    try {
      Thread.sleep(millis);
      server.kill();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
