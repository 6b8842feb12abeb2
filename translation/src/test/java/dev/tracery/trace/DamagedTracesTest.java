package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.TraceDat;
import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
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
        case 2 -> Arrays.fill(bytes, at, at + 8, (byte) 0xff);
        default -> Arrays.fill(bytes, at, at + 8, (byte) 0);
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

  @ParameterizedTest
  @MethodSource("traces")
  void a_trace_whose_last_options_are_cut_off_still_has_all_its_records(Path sample)
      throws IOException {
    byte[] whole = TraceSamples.unpacked(sample);
    // Why: in version 6, the options are before the records.
    if (whole[10] == '6') {
      return;
    }
    ReadTrace sound = ReadTrace.of(copy(whole), ReadTrace.NO_BOUND);
    ReadTrace cut = ReadTrace.of(copy(Arrays.copyOf(whole, whole.length - 190)), sound.count());
    assertEquals(sound.records(), cut.records());
    assertTrue(
        cut.problems().stream().anyMatch(problem -> problem.contains("RECORDS_RECOVERED")),
        cut.problems().toString());
  }

  @Test
  void damage_of_a_format_does_not_lose_the_records_of_version_6() throws IOException {
    byte[] whole =
        TraceSamples.unpacked(TraceSamples.kernel("5.10.0-46-amd64").resolve("traces/dyn.dat.zst"));
    ReadTrace sound = ReadTrace.of(copy(whole), ReadTrace.NO_BOUND);
    byte[] damaged = whole.clone();
    int size = new String(whole, StandardCharsets.ISO_8859_1).indexOf("name: ") - 8;
    Arrays.fill(damaged, size, size + 8, (byte) 0xff);
    ReadTrace read = ReadTrace.of(copy(damaged), sound.count());
    assertEquals(sound.records(), read.records());
    assertEquals(1, read.problems().size(), read.problems().toString());
  }

  /// Every page of an uncompressed trace in turn: its head, its first event, somewhere in it.
  @Test
  void damage_of_a_page_leaves_all_other_pages_as_they_were() throws IOException {
    byte[] whole =
        TraceSamples.unpacked(TraceSamples.kernel("5.10.0-46-amd64").resolve("traces/dyn.dat.zst"));
    Path file = copy(whole);
    ReadTrace sound = ReadTrace.of(file, ReadTrace.NO_BOUND);
    TraceDat dat;
    try (FileChannel channel = FileChannel.open(file)) {
      dat = TraceDat.read(channel, "t", new TraceDat.Limits(InputLimits.DEFAULT, 1 << 24, 9, 9));
    }
    SplittableRandom random = new SplittableRandom(SEED);
    PageWalker walker = new PageWalker(PageFormat.usual(Target.LITTLE_64, 4096));
    int told = 0;
    int pages = 0;
    for (TraceDat.CpuData cpu : dat.buffers().getFirst().cpus()) {
      int first = 0;
      for (long at = cpu.offset(); at < cpu.offset() + cpu.size(); at += 4096) {
        int page = (int) at;
        walker.start(Arrays.copyOfRange(whole, page, page + 4096), 4096);
        int events = 0;
        while (walker.next()) {
          events++;
        }
        for (int where : new int[] {0, 8, 16, 16 + random.nextInt(4000)}) {
          byte[] bad = whole.clone();
          Arrays.fill(bad, page + where, page + where + 8, (byte) random.nextInt());
          Files.write(file, bad);
          ReadTrace read = ReadTrace.of(file, whole.length / 4);
          for (Map.Entry<String, List<Long>> other : sound.records().entrySet()) {
            boolean hit = other.getKey().equals("0/" + cpu.cpu());
            assertTrue(
                ReadTrace.differsOnlyWithin(
                    other.getValue(),
                    read.records().getOrDefault(other.getKey(), List.of()),
                    hit ? first : other.getValue().size(),
                    hit ? first + events : other.getValue().size()),
                "page at " + page + ", byte " + where + ", cpu " + other.getKey());
          }
          if (!read.problems().isEmpty()) {
            told++;
            assertEquals(1, read.problems().size());
            long place = Long.parseLong(read.problems().getFirst().split("[@:]")[1]);
            assertTrue(place >= page && place <= page + 4096, read.problems().getFirst());
            assertTrue(read.damagedBytes() <= 4096);
          }
        }
        first += events;
        pages++;
      }
    }
    assertTrue(pages > 10 && told > pages / 2, told + " of " + pages);
  }
}
