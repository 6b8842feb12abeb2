package dev.tracery.translate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.registry.Registry.Kernel;
import dev.tracery.translate.BundleAbout;
import dev.tracery.translate.BundleWriter;
import dev.tracery.v1.DecodePlan;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Only a bundle whose every byte this server would have made runs unwatched.
@Timeout(120)
class TrustedBundleTest {

  /// Where a zip's first entry has its time, which changes nothing else.
  private static final int TIME = 10;

  @TempDir Path home;

  @Test
  void what_this_server_would_make_is_trusted_and_what_differs_in_a_byte_is_not()
      throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      Kernel kernel = SampleKernels.register(test.registry, SampleKernels.BULLSEYE);
      List<DecodePlan> plans = KernelPlans.of(test.registry, kernel.id());
      byte[] same = bundle(kernel, plans);
      assertEquals(true, isTrustedOnceInstalled(test, kernel, same));
      byte[] other = same.clone();
      other[TIME] ^= 1;
      assertEquals(false, isTrustedOnceInstalled(test, kernel, other));
      byte[] fewer = bundle(kernel, plans.subList(1, plans.size()));
      assertEquals(false, isTrustedOnceInstalled(test, kernel, fewer));
    }
  }

  /// Installs it, and has a trace translated by it.
  private static boolean isTrustedOnceInstalled(TestFramework test, Kernel kernel, byte[] jar)
      throws IOException {
    test.server.install(jar);
    Path trace = SampleKernels.traces(SampleKernels.BULLSEYE).getFirst();
    assertEquals(test.interpret(trace).events, test.translate(trace).events);
    String name = BundleWriter.CAPABILITY + "." + kernel.id();
    List<HostedBundle> found =
        test.server.pool.all().stream()
            .filter(bundle -> bundle.identity().ranking() != GeneratedBundles.RANKING)
            .filter(bundle -> bundle.identity().name().equals(name))
            .toList();
    assertEquals(1, found.size());
    return found.getFirst().isTrusted();
  }

  private static byte[] bundle(Kernel kernel, List<DecodePlan> plans) throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    new BundleWriter()
        .write(
            new BundleAbout(
                kernel.id(),
                kernel.identity().release(),
                kernel.identity().machine(),
                kernel.manifestFingerprint().hex()),
            plans,
            jar);
    return jar.toByteArray();
  }
}
