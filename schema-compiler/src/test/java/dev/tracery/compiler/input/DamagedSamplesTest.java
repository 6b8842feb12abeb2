package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real files with random damage: the reader ends, throws nothing, and says only what can be
/// printed. The seed is fixed; `-Dtracery.fuzz.rounds=N` and `-Dtracery.fuzz.seed=N` make more.
class DamagedSamplesTest {

  private static final int ROUNDS = Integer.getInteger("tracery.fuzz.rounds", 25);
  private static final long SEED = Long.getLong("tracery.fuzz.seed", 7411);

  @TempDir Path folder;
  private InputFiles files = new InputFiles(Path.of("."));

  @BeforeEach
  void useTheFolder() {
    files = new InputFiles(folder);
  }

  private static byte[] sample(String name) throws IOException {
    SampleKernel amd64 = SampleKernel.named("6.1.0-56-amd64");
    SampleKernel bullseye = SampleKernel.named("5.10.0-46-amd64");
    SampleKernel s390x = SampleKernel.named("s390x");
    return switch (name) {
      case "version 6" -> SampleKernel.unpacked(bullseye.trace("function.dat.zst"));
      case "version 7" -> SampleKernel.unpacked(amd64.trace("dyn.dat.zst"));
      case "version 7, big" -> SampleKernel.unpacked(s390x.trace("net.dat.zst"));
      case "perf.data" -> SampleKernel.unpacked(bullseye.trace("perf.data.zst"));
      case "tar" -> Arrays.copyOf(SampleKernel.unpacked(bullseye.formats()), 1 << 20);
      case "tar.zst" -> Files.readAllBytes(bullseye.formats());
      default -> throw new IllegalArgumentException(name);
    };
  }

  private void check(KernelInput input, String what) {
    for (Diagnostic found : input.diagnostics()) {
      assertTrue(found.toString().chars().noneMatch(Character::isISOControl), what + found);
    }
    List<String> events = InputFiles.events(input);
    assertEquals(events.stream().distinct().sorted().count(), events.size(), what);
    assertTrue(input.hasErrors() || !events.isEmpty(), what);
    IdentityResolver.resolve(input, KernelFlags.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"version 6", "version 7", "version 7, big", "perf.data", "tar", "tar.zst"})
  void damage_is_told_and_nothing_is_thrown(String name) throws IOException {
    byte[] whole = sample(name);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < ROUNDS; round++) {
      byte[] bad = damaged(whole, random);
      check(files.read(bad), name + ", round " + round + ": ");
    }
  }

  /// Cut, or some bytes changed: near the front, where the structure is, more often than elsewhere.
  private static byte[] damaged(byte[] whole, SplittableRandom random) {
    if (random.nextInt(4) == 0) {
      return Arrays.copyOf(whole, 16 + random.nextInt(whole.length - 16));
    }
    byte[] bad = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int bound = random.nextBoolean() ? Math.min(whole.length, 4096) : whole.length;
      int at = 12 + random.nextInt(bound - 12);
      switch (random.nextInt(3)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt();
        default -> Arrays.fill(bad, at, Math.min(bad.length, at + 8), (byte) 0xff);
      }
    }
    return bad;
  }
}
