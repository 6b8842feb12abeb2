package dev.tracery.model;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// The byte forms against hashes that Python's `hashlib` and `struct` made of the documented form.
class FingerprintsTest {

  private static final Sha256 LAYOUT = new Sha256(1, 2, 3, 4);

  @Test
  void a_system_is_known_by_the_documented_bytes() {
    assertEquals(
        "9cf231cb8336e18ca3213cebd1535c023e6c90df909ada4d447e59ca20174c05", system().hex());
  }

  @Test
  void a_manifest_is_known_by_the_documented_bytes() {
    assertEquals(
        "1c2533a611497e6b117c6cc186a06268d7b72fd99821fa8e8a98d0437a1d946e", manifest().hex());
  }

  @Test
  void a_kernel_is_known_by_the_documented_bytes() {
    KernelIdentity identity =
        new KernelIdentity(
            "6.1.0-ü", "", "s390x", new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN), 4096);
    assertEquals("c872ba5b16e04ab9", Fingerprints.kernelId(identity, manifest()));
  }

  private static Sha256 manifest() {
    return Fingerprints.manifest(new String[] {"sched"}, new Sha256[] {system()}, new int[] {300});
  }

  private static Sha256 system() {
    return Fingerprints.system(
        "sched",
        List.of(
            new Fingerprints.Member("sched_switch", LAYOUT, 7),
            new Fingerprints.Member("sched_wakeup", LAYOUT, 0)));
  }
}
