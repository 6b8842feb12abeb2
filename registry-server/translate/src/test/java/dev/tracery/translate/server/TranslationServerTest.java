package dev.tracery.translate.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.RegistryException;
import dev.tracery.store.MemoryStore;
import dev.tracery.translation.TranslatorBundles.Bundle;
import dev.tracery.translation.TranslatorBundles.Origin;
import dev.tracery.translation.TranslatorBundles.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Traces through the whole server, but for gRPC.
@Timeout(300)
class TranslationServerTest {

  @TempDir Path home;

  @Test
  void traces_of_every_kernel_become_what_the_interpreter_makes_of_them() throws IOException {
    for (String kernel : SampleKernels.all()) {
      try (TestFramework test = new TestFramework(home.resolve(kernel))) {
        Kernel registered = SampleKernels.register(test.registry, kernel);
        long head = test.registry.head();
        Path trace = SampleKernels.traces(kernel).getFirst();
        // The first stream is interpreted, or not, as the bundle comes; a later one is not.
        Collected first = test.translate(trace);
        TestFramework.eventually(() -> test.server.list().size() == 1);
        Collected second = test.translate(trace);
        Collected expected = test.interpret(trace);
        assertFalse(expected.events.isEmpty(), kernel);
        assertEquals(expected.events, first.events, kernel);
        assertEquals(expected.events, second.events, kernel);
        assertEquals(expected.last(), second.last(), kernel);
        assertEquals(registered.id(), second.others.getFirst().getStart().getKernelId());
        Bundle made = test.server.list().getFirst();
        assertEquals(Origin.GENERATED, made.origin());
        assertEquals(registered.id(), made.kernel());
        assertTrue(
            second.translators().stream().anyMatch(name -> name.startsWith(made.name())),
            () -> kernel + " was translated by " + second.translators());
        assertTrue(made.translatedRecords() > 0);
        assertTrue(made.layouts() > 1000);
        boolean dynamic = trace.getFileName().toString().startsWith("dyn");
        assertEquals(dynamic ? head + 1 : head, test.registry.head(), "learned, in one revision");
      }
    }
  }

  @Test
  void a_trace_of_a_kernel_that_nobody_registered_is_learned_once() throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      Path trace = SampleKernels.traces(SampleKernels.BOOKWORM).getFirst();
      Collected first = test.translate(trace);
      assertEquals(1, test.registry.head());
      Collected second = test.translate(trace);
      assertEquals(1, test.registry.head());
      assertEquals(test.interpret(trace).events, first.events);
      assertEquals(first.events, second.events);
      assertEquals(new TreeSet<>(List.of("interpreter")), second.translators());
    }
  }

  @Test
  void no_more_bundles_are_kept_than_wanted_and_the_least_recently_used_goes() throws IOException {
    try (TestFramework test = new TestFramework(home, new MemoryStore.Disk(), 2)) {
      for (String kernel :
          List.of(SampleKernels.BULLSEYE, SampleKernels.BOOKWORM, SampleKernels.TRIXIE)) {
        SampleKernels.register(test.registry, kernel);
      }
      translate(test, SampleKernels.BULLSEYE, "5.10.0-46-amd64");
      translate(test, SampleKernels.BOOKWORM, "6.1.0-56-amd64");
      translate(test, SampleKernels.BULLSEYE, "5.10.0-46-amd64");
      translate(test, SampleKernels.TRIXIE, "6.12.117+deb13-amd64");
      assertEquals(
          new TreeSet<>(List.of("5.10.0-46-amd64", "6.12.117+deb13-amd64")), releases(test));
      TestFramework.eventually(() -> generatedInFramework(test) == 2);
      translate(test, SampleKernels.BOOKWORM, "6.1.0-56-amd64");
      assertEquals(
          new TreeSet<>(List.of("6.1.0-56-amd64", "6.12.117+deb13-amd64")), releases(test));
      TestFramework.eventually(() -> generatedInFramework(test) == 2);
    }
  }

  private static void translate(TestFramework test, String kernel, String release)
      throws IOException {
    Path trace = SampleKernels.traces(kernel).getFirst();
    test.translate(trace, "sched/*");
    TestFramework.eventually(() -> releases(test).contains(release));
  }

  private static TreeSet<String> releases(TestFramework test) {
    TreeSet<String> releases = new TreeSet<>();
    test.server.list().forEach(bundle -> releases.add(bundle.release()));
    return releases;
  }

  private static long generatedInFramework(TestFramework test) {
    return Arrays.stream(test.framework.getBundleContext().getBundles())
        .filter(bundle -> bundle.getLocation().startsWith("tracery:generated/"))
        .count();
  }

  @Test
  void what_is_installed_is_there_after_a_restart_and_what_was_removed_is_not() throws IOException {
    MemoryStore.Disk disk = new MemoryStore.Disk();
    try (TestFramework test = new TestFramework(home.resolve("a"), disk, 8)) {
      test.server.install(PeoplesBundles.behaving("stays", "1.0", "EMPTY"));
      test.server.install(PeoplesBundles.behaving("stays", "1.1", "EMPTY"));
      test.server.install(PeoplesBundles.behaving("goes", "1.0", "EMPTY"));
      assertEquals("1.0.0", test.server.remove("goes").version());
      TestFramework.eventually(() -> test.server.list().size() == 1);
    }
    try (TestFramework test = new TestFramework(home.resolve("b"), disk, 8)) {
      assertEquals(1, test.server.list().size());
      Bundle there = test.bundle("stays");
      assertEquals(
          "1.1.0 ACTIVE 10", there.version() + " " + there.state() + " " + there.ranking());
    }
  }

  @Test
  void what_is_no_trace_is_refused_and_nothing_stays_on_disk() throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      Path text = Files.writeString(home.resolve("text"), "this is no trace\n".repeat(100));
      RegistryException refused = assertThrows(RegistryException.class, () -> test.translate(text));
      assertEquals(RegistryException.Code.INVALID_ARGUMENT, refused.code());
      assertEquals("it.dat", refused.diagnostics().getFirst().location().file());
      assertFalse(String.valueOf(refused.getMessage()).contains(home.toString()));
      Path huge = home.resolve("huge");
      Files.write(huge, new byte[(64 << 20) + 1]);
      RegistryException tooLarge =
          assertThrows(RegistryException.class, () -> test.translate(huge));
      assertEquals(
          "RESOURCE_EXHAUSTED tracery.translation.max-file-bytes",
          tooLarge.code() + " " + tooLarge.subject());
      assertEquals(List.of(), spooled(test));
    }
  }

  @Test
  void a_trace_that_was_cut_gives_what_is_left_of_it() throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      SampleKernels.register(test.registry, SampleKernels.BULLSEYE);
      // trace-cmd 2.9 compresses nothing, so a cut takes the end of the records.
      byte[] whole = unpacked(SampleKernels.traces(SampleKernels.BULLSEYE).getFirst());
      Path cut = home.resolve("cut.dat");
      Files.write(cut, Arrays.copyOf(whole, whole.length - 10_000));
      Collected expected = test.interpret(cut);
      Collected got = test.translate(cut);
      assertEquals(expected.events, got.events);
      assertTrue(got.others.stream().anyMatch(item -> item.hasProblem()));
      assertTrue(got.last().getEnd().getDamagedBytes() > 0);
      assertEquals(List.of(), spooled(test));
    }
  }

  @Test
  void what_a_crash_left_on_disk_is_deleted_at_the_next_start() throws IOException {
    Path left = home.resolve("spool/trace123/trace");
    Files.createDirectories(left.getParent());
    Files.writeString(left, "of an earlier life");
    try (TestFramework test = new TestFramework(home)) {
      assertEquals(List.of(), spooled(test));
    }
  }

  private static List<Path> spooled(TestFramework test) throws IOException {
    try (var files = Files.list(test.home.resolve("spool"))) {
      return files.toList();
    }
  }

  private static byte[] unpacked(Path zstd) throws IOException {
    try (var in = new io.airlift.compress.v3.zstd.ZstdInputStream(Files.newInputStream(zstd))) {
      return in.readAllBytes();
    }
  }

  @Test
  void bundles_that_cannot_be_are_refused_and_leave_nothing() throws IOException {
    try (TestFramework test = new TestFramework(home)) {
      assertEquals(
          "INVALID_ARGUMENT what was sent is no OSGi bundle: it has no META-INF/MANIFEST.MF",
          refusal(() -> test.server.install(new byte[] {1, 2, 3})));
      assertEquals(
          "INVALID_ARGUMENT the bundle nothing has no index of translators, and registered"
              + " no service KernelTranslator or FieldBridge when it was started",
          refusal(() -> test.server.install(PeoplesBundles.empty("nothing", ""))));
      assertEquals(
          "INVALID_ARGUMENT the first manifest of the jar calls the bundle good 1.0.0, and"
              + " the one that counts bad 1.0.0",
          refusal(() -> test.server.install(PeoplesBundles.disguised("bad", "good"))));
      String unresolved =
          refusal(() -> test.server.install(PeoplesBundles.empty("lacks", "not.there.at.all")));
      assertTrue(
          unresolved.startsWith(
              "FAILED_PRECONDITION the bundle lacks 1.0.0: it cannot be resolved: "),
          unresolved);
      assertTrue(unresolved.contains("not.there.at.all"), unresolved);
      assertEquals(
          "FAILED_PRECONDITION the bundle throws 1.0.0: starting it: it threw"
              + " java.lang.IllegalStateException: it does not want to start",
          refusal(() ->
              test.server.install(PeoplesBundles.behaving("throws", "1.0", "THROW_IN_START"))));
      assertEquals(
          "FAILED_PRECONDITION the bundle hangs 1.0.0: starting it took longer than 6000 ms and was"
              + " given up",
          refusal(
              () -> test.server.install(PeoplesBundles.behaving("hangs", "1.0", "HANG_IN_START"))));
      assertEquals(List.of(), test.server.list());
      assertEquals(0, test.registry.head());
      test.server.install(PeoplesBundles.behaving("good", "1.0", "EMPTY"));
      assertEquals(State.ACTIVE, test.bundle("good").state());
    }
  }

  private static String refusal(org.junit.jupiter.api.function.Executable call) {
    RegistryException refused = assertThrows(RegistryException.class, call);
    return refused.code() + " " + refused.getMessage();
  }
}
