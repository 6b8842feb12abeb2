package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Real traces, cut and with bytes flipped: nothing is thrown but what is declared, no record is
/// outside of its page, reading ends. The seed is fixed; `-Dtracery.damage.variants=N` (of all
/// traces together) and `-Dtracery.damage.seed=N` make more.
class DamagedTracesTest {

  private static final int VARIANTS = Integer.getInteger("tracery.damage.variants", 2_000);
  private static final long SEED = Long.getLong("tracery.damage.seed", 7411);
  private static final int WINDOW = 64;

  @TempDir Path folder;

  static List<Path> traces() {
    return TraceSamples.sampleTraces();
  }

  private Path copy(byte[] bytes) throws IOException {
    return Files.write(folder.resolve("trace.dat"), bytes);
  }

  @ParameterizedTest
  @MethodSource("traces")
  void flipped_bytes_never_do_more_than_lose_records(Path sample) throws IOException {
    byte[] whole = TraceSamples.unpacked(sample);
    Path file = copy(whole);
    ReadTrace sound = ReadTrace.of(file, ReadTrace.NO_BOUND);
    assertEquals(List.of(), sound.problems());
    SplittableRandom random = new SplittableRandom(SEED);
    int rounds = Math.max(VARIANTS / traces().size(), 1);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int round = 0; round < rounds; round++) {
        // Why: most of a file is texts; what leads the reader is near its ends and in the pages.
        int bound = whole.length - WINDOW;
        int at =
            switch (random.nextInt(4)) {
              case 0 -> random.nextInt(Math.min(4096, bound));
              case 1 -> bound - random.nextInt(Math.min(4096, bound));
              default -> random.nextInt(bound);
            };
        byte[] changed = new byte[WINDOW];
        System.arraycopy(whole, at, changed, 0, WINDOW);
        flip(changed, random);
        channel.write(ByteBuffer.wrap(changed), at);
        // Why: a compressed page of 4,096 bytes may take 20.
        ReadTrace found = ReadTrace.of(file, 50L * whole.length);
        assertFalse(found.refused() && found.problems().isEmpty(), "round " + round);
        channel.write(ByteBuffer.wrap(whole, at, WINDOW), at);
      }
    }
    assertEquals(sound, ReadTrace.of(file, ReadTrace.NO_BOUND));
  }

  private static void flip(byte[] bytes, SplittableRandom random) {
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bytes.length - 8);
      switch (random.nextInt(4)) {
        case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bytes[at] = (byte) random.nextInt();
        case 2 -> java.util.Arrays.fill(bytes, at, at + 8, (byte) 0xff);
        default -> java.util.Arrays.fill(bytes, at, at + 8, (byte) 0);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("traces")
  void a_trace_that_is_cut_gives_the_records_before_the_cut(Path sample) throws IOException {
    byte[] whole = TraceSamples.unpacked(sample);
    Path file = copy(whole);
    ReadTrace sound = ReadTrace.of(file, ReadTrace.NO_BOUND);
    int steps = 40;
    long before = Long.MAX_VALUE;
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      for (int step = steps - 1; step >= 0; step--) {
        int size = (int) ((long) whole.length * step / steps) + step % 7;
        channel.truncate(size);
        ReadTrace cut = ReadTrace.of(file, sound.count());
        assertFalse(cut.problems().isEmpty(), "cut to " + size);
        assertTrue(cut.count() <= before, "cut to " + size);
        before = cut.count();
        cut.records()
            .forEach((cpu, records) ->
                assertEquals(
                    sound.records().getOrDefault(cpu, List.of()).subList(0, records.size()),
                    records,
                    cpu));
      }
    }
  }
}
