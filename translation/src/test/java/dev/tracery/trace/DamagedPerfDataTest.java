package dev.tracery.trace;

import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Variants of a `perf.data` are cut, and have bytes changed. As many as `tracery.damaged.variants`
/// says.
class DamagedPerfDataTest {

  private static final int VARIANTS = Integer.getInteger("tracery.damaged.variants", 2_000) / 4;

  @TempDir Path folder;

  /// How many records there are, which, and what was found to be wrong.
  private record Read(Set<Integer> records, int count, long problems, long damagedBytes) {}

  private Read read(byte[] data) throws IOException {
    Path file = Files.write(folder.resolve("damaged"), data);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        PerfTrace trace = PerfTrace.open(channel, "damaged", TraceLimits.DEFAULT);
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      Set<Integer> records = new HashSet<>();
      int count = 0;
      while (cursor.advance()) {
        count++;
        assertTrue(cursor.length() >= 0 && cursor.length() <= cursor.bytes().length);
        records.add(
            31 * Long.hashCode(cursor.timestamp())
                + ByteBuffer.wrap(cursor.bytes(), cursor.offset(), cursor.length()).hashCode());
      }
      assertTrue(cursor.bytesRead() <= trace.size());
      return new Read(records, count, trace.problems().found(), trace.problems().damagedBytes());
    }
  }

  /// A short trace: the first rounds of a sample.
  private static byte[] sample() throws IOException {
    byte[] file = PerfSamples.data("debian-bullseye-5.10.0-46-amd64");
    return PerfForms.shortened(file, 200_000);
  }

  private static int dataOffset(byte[] file) {
    return (int) ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(40);
  }

  private static int dataSize(byte[] file) {
    return (int) ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN).getLong(48);
  }

  @Test
  void a_file_that_is_cut_gives_the_records_before_the_cut() throws IOException {
    byte[] whole = sample();
    Read all = read(whole);
    assertEquals(0, all.problems());
    Random random = new Random(1411);
    for (int i = 0; i < VARIANTS; i++) {
      int length = 16 + random.nextInt(whole.length - 16);
      Read cut =
          assertTimeoutPreemptively(
              ofSeconds(20), () -> read(Arrays.copyOf(whole, length)), "cut at " + length);
      assertTrue(cut.problems() > 0, "cut at " + length);
      assertTrue(all.records().containsAll(cut.records()), "cut at " + length);
      assertEquals(samplesBefore(whole, length), cut.count(), "cut at " + length);
    }
  }

  private static int samplesBefore(byte[] file, int end) {
    ByteBuffer in = ByteBuffer.wrap(file).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int count = 0;
    int last = Math.min(end, dataOffset(file) + dataSize(file));
    for (int at = dataOffset(file); at + 8 <= last; at += in.getShort(at + 6) & 0xffff) {
      count += in.getInt(at) == 9 && at + (in.getShort(at + 6) & 0xffff) <= last ? 1 : 0;
    }
    return count;
  }

  @Test
  void changed_bytes_among_the_samples_cost_the_records_near_them_only() throws IOException {
    byte[] whole = sample();
    Read all = read(whole);
    Random random = new Random(1412);
    for (int i = 0; i < VARIANTS; i++) {
      byte[] changed = whole.clone();
      int at = dataOffset(whole) + random.nextInt(dataSize(whole));
      int length = 1 + random.nextInt(8);
      for (int n = at; n < Math.min(at + length, dataOffset(whole) + dataSize(whole)); n++) {
        changed[n] = (byte) random.nextInt();
      }
      Read read = assertTimeoutPreemptively(ofSeconds(20), () -> read(changed), "changed at " + at);
      Set<Integer> lost = new HashSet<>(all.records());
      lost.removeAll(read.records());
      // Why: a size that is changed leads into the middle of a record up to 64 KiB behind.
      assertTrue(lost.size() < 700, "changed at " + at + ": " + lost.size() + " are lost");
    }
  }

  @Test
  void changed_bytes_anywhere_never_crash_or_hang() throws IOException {
    byte[] whole = sample();
    byte[] pipe = PerfForms.pipe(whole);
    byte[] compressed = PerfForms.compressed(whole, 7);
    Random random = new Random(1413);
    for (int i = 0; i < VARIANTS; i++) {
      byte[] changed = (i % 3 == 0 ? whole : i % 3 == 1 ? pipe : compressed).clone();
      // Why: what decides of everything else is at the beginning.
      int range = random.nextBoolean() ? 6_000 : changed.length;
      for (int n = 1 + random.nextInt(20); n > 0; n--) {
        changed[8 + random.nextInt(range - 8)] = (byte) random.nextInt();
      }
      int variant = i;
      assertTimeoutPreemptively(ofSeconds(20), () -> read(changed), "variant " + variant);
    }
  }

  @Test
  void garbage_between_records_is_told_and_skipped() throws IOException {
    byte[] whole = sample();
    Read all = read(whole);
    byte[] changed = whole.clone();
    int middle = dataOffset(whole) + dataSize(whole) / 2;
    Arrays.fill(changed, middle, middle + 4_000, (byte) 0xee);
    Read read = read(changed);
    assertTrue(read.problems() > 0);
    assertTrue(read.damagedBytes() >= 3_900 && read.damagedBytes() < 4_300);
    assertFalse(read.records().equals(all.records()));
    assertTrue(all.count() - read.count() < 60, all.count() + " and " + read.count());
  }
}
