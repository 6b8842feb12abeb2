package dev.tracery.registry.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Registry.Registration;
import dev.tracery.registry.Registry.RegistrationResult;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.log.Commit;
import dev.tracery.store.MemoryStore;
import dev.tracery.store.Store;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Kernels whose systems are given by their hashes.
class KnownSystemsTest {

  private static final TestKernel KERNEL =
      TestKernel.of("6.1", "a/one: int x", "b/two: u64 y", "b/three: int z", "c/four: int x");

  private final MemoryStore.Disk disk = new MemoryStore.Disk();
  private final LogRegistry registry = open(disk);

  @Test
  void the_log_is_the_same_whether_events_are_listed_or_not() {
    Random random = new Random(5);
    MemoryStore.Disk listed = new MemoryStore.Disk();
    LogRegistry other = open(listed);
    for (int i = 0; i < 50; i++) {
      TestKernel kernel =
          random.nextInt(5) == 0
              ? TestKernel.of("v" + i, "a/one: int x" + i, "b/two: u64 y", "d/five: int x")
              : spread(KERNEL.withRelease("v" + i), random);
      Set<String> byHash = new HashSet<>();
      for (String system : kernel.systems()) {
        if (knows(kernel, system) && random.nextInt(4) > 0) {
          byHash.add(system);
        }
      }

      RegistrationResult result = kernel.registerBySystem(registry, "line", byHash);

      RegistrationResult expected = kernel.registerIn(other, "line");
      assertEquals(expected.kernel().id(), result.kernel().id());
      assertEquals(kernel.events().size(), result.kernel().eventCount());
      assertEquals(kernel.systems().size(), result.kernel().systemCount());
      assertEquals(expected.newLayouts(), result.newLayouts());
      assertEquals(
          expected.report().orElseThrow().harmless(), result.report().orElseThrow().harmless());
    }
    List<Store.Commit> commits = new MemoryStore(disk).read(0, 100);
    List<Store.Commit> expected = new MemoryStore(listed).read(0, 100);
    assertEquals(50, commits.size());
    assertTrue(commits.stream().anyMatch(KnownSystemsTest::sharesLayouts));
    for (int i = 0; i < commits.size(); i++) {
      assertArrayEquals(expected.get(i).entries(), commits.get(i).entries());
    }
  }

  @Test
  void a_system_is_known_once_a_kernel_with_it_is_registered() {
    assertFalse(knows(KERNEL, "b"));
    KERNEL.registerIn(registry, "");
    assertTrue(knows(KERNEL, "b"));
    assertTrue(knows(KERNEL.shifted(7), "b"), "ids are relative");
  }

  @Test
  void a_system_that_is_not_known_is_refused_with_its_name() {
    KERNEL.registerIn(registry, "");
    assertRefused(
        Code.FAILED_PRECONDITION,
        "the system z with the hash "
            + Sha256.of(new byte[1])
            + " is not known and came without its events; list the events of what"
            + " FindMissingLayouts names",
        r -> r.addSystem("z", Sha256.of(new byte[1]), 1));
  }

  @Test
  void a_system_of_another_architecture_is_not_known() {
    KERNEL.registerIn(registry, "");
    KernelIdentity other =
        new KernelIdentity(
            "6.1", "#1", "s390x", new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN), 4096);
    try (Registration registration = registry.register(other, Optional.empty())) {
      assertEquals(
          Code.FAILED_PRECONDITION,
          assertThrows(
                  RegistryException.class, () -> registration.addSystem("b", KERNEL.node("b"), 1))
              .code());
    }
  }

  @Test
  void what_is_wrong_with_systems_is_named() {
    KERNEL.registerIn(registry, "");
    assertRefused(
        Code.INVALID_ARGUMENT,
        "the system c was given by the hash of b, " + KERNEL.node("b"),
        r -> r.addSystem("c", KERNEL.node("b"), 1));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "b: expected an id from 0 to 65535 but found 65536",
        r -> r.addSystem("b", KERNEL.node("b"), 65_535));
    assertRefused(
        Code.INVALID_ARGUMENT,
        "b: expected an id from 0 to 65535 but found -1",
        r -> r.addSystem("b", KERNEL.node("b"), -1));
  }

  @Test
  void what_is_given_twice_is_refused() {
    KERNEL.registerIn(registry, "");
    assertRefused(
        Code.INVALID_ARGUMENT,
        "the formats have 1 error; nothing was registered; first: b: error DUPLICATE_SYSTEM: the"
            + " system b is given more than once (give a system by its hash or list its events,"
            + " once)",
        r -> {
          r.addSystem("b", KERNEL.node("b"), 1);
          r.addSystem("b", KERNEL.node("b"), 10);
          r.finish(false);
        });
    TestKernel.Event two = KERNEL.events().get(1);
    assertRefused(
        Code.INVALID_ARGUMENT,
        "the formats have 1 error; nothing was registered; first: b: error DUPLICATE_SYSTEM: the"
            + " system b is given more than once (give a system by its hash or list its events,"
            + " once)",
        r -> {
          r.addSystem("b", KERNEL.node("b"), 1);
          r.add(two.name(), 10, two.hash(Target.LITTLE_64));
          r.finish(false);
        });
    assertRefused(
        Code.INVALID_ARGUMENT,
        "the formats have 1 error; nothing was registered; first: c: error"
            + " DUPLICATE_ID: c/four has the id 2, which is that of b/three (an id names one event"
            + " of a kernel; are the formats of one boot?)",
        r -> {
          r.addSystem("c", KERNEL.node("c"), 2);
          r.addSystem("b", KERNEL.node("b"), 1);
          r.finish(false);
        });
    assertEquals(1, registry.head());
  }

  /// Other ids, with gaps also within systems.
  private static TestKernel spread(TestKernel kernel, Random random) {
    int[] next = {random.nextInt(100)};
    return kernel.withIds(() -> next[0] += 1 + random.nextInt(2));
  }

  private static boolean sharesLayouts(Store.Commit commit) {
    try {
      return Commit.parseFrom(commit.entries()).getEntriesList().stream()
          .anyMatch(entry -> entry.hasSystemAdded() && entry.getSystemAdded().hasLayoutsOf());
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private boolean knows(TestKernel kernel, String system) {
    return !registry.knownSystems(List.of(kernel.node(system))).isEmpty();
  }

  private void assertRefused(Code code, String message, Consumer<Registration> use) {
    try (Registration registration =
        registry.register(KERNEL.withRelease("other").identity(), Optional.empty())) {
      RegistryException refused =
          assertThrows(RegistryException.class, () -> use.accept(registration));
      assertEquals(message, refused.getMessage());
      assertEquals(code, refused.code());
    }
  }

  private static LogRegistry open(MemoryStore.Disk disk) {
    return LogRegistry.withSnapshots(new MemoryStore(disk), 0);
  }
}
