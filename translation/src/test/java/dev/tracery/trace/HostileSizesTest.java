package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.input.ClockScale;
import dev.tracery.compiler.input.PerfDataFile;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small files that ask for much memory, or for much work.
class HostileSizesTest {

  private static final PageFormat LARGEST_PAGES =
      PageFormat.usual(new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN), 1 << 20);

  @TempDir Path folder;

  private CpuStream stream(
      MappedFile file, CpuRegion.Packing packing, TraceProblems problems, ChunkUnpacker unpacker) {
    CpuRegion region =
        new CpuRegion(
            file,
            0,
            1,
            0,
            7,
            LARGEST_PAGES,
            packing,
            ClockScale.NONE,
            problems,
            TraceLimits.DEFAULT);
    EventSet all = new EventSet(RecordFilter.ALL.events());
    return new CpuStream(region, RecordFilter.ALL, all, unpacker);
  }

  @Test
  void a_cpu_that_has_a_byte_holds_no_page_of_a_megabyte() throws IOException {
    Path path = Files.write(folder.resolve("trace"), new byte[1]);
    TraceProblems problems = new TraceProblems();
    ChunkUnpacker unpacker = new ChunkUnpacker(1 << 20);
    try (MappedFile file = new MappedFile(FileChannel.open(path), "F")) {
      assertEquals(1, stream(file, CpuRegion.Packing.NONE, problems, unpacker).bytes().length);
      assertEquals(
          1 << 20, stream(file, CpuRegion.Packing.ZSTD, problems, unpacker).bytes().length);
      CpuStream tooMuch = stream(file, CpuRegion.Packing.ZSTD, problems, unpacker);
      assertEquals(0, tooMuch.bytes().length);
      assertFalse(tooMuch.advance());
    }
    assertEquals(
        List.of(
            "F: error CHUNK_TOO_LARGE: cpu 7: its pages of 1048576 bytes are more than all"
                + " CPUs together may hold; 1 bytes are lost"),
        problems.diagnostics().stream().map(Diagnostic::toString).toList());
  }

  @Test
  void gigabytes_of_chunks_that_are_packed_to_nothing_are_not_unpacked() {
    ChunkUnpacker unpacker = new ChunkUnpacker(10_000);
    for (int i = 0; i < 10; i++) {
      assertTrue(unpacker.admits(1, 1000, 500));
    }
    assertFalse(unpacker.admits(1, 1000, 500));
    assertTrue(unpacker.admits(100, 1000, 500));
    assertTrue(unpacker.admits(1, 1000, 500));
  }

  @Test
  void attributes_that_all_point_to_the_same_ids_are_too_many() {
    int ids = 600_000;
    byte[] bytes = new byte[8 * ids + 200];
    ByteBuffer table = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int at = 8 * ids;
    for (int i = 0; i < 2; i++) {
      table.putLong(at + 80 * i + 64, 0).putLong(at + 80 * i + 72, 8L * ids);
    }
    PerfBytes all = new PerfBytes(MemorySegment.ofArray(bytes), ByteOrder.LITTLE_ENDIAN);
    TraceProblems problems = new TraceProblems();
    new PerfAttributes("F", all, problems).readTable(all, new PerfDataFile.Extent(at, 160), 80);
    assertEquals(
        List.of(
            "F: error ATTRIBUTES_TOO_MANY: more than 65536 attributes, or 1048576 ids of"
                + " them"),
        problems.diagnostics().stream().map(Diagnostic::toString).toList());
  }
}
