package dev.tracery.bench;

import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.TraceDat;
import dev.tracery.it.SampleKernel;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/// The pages of the ring buffer that the translate benchmark translates, as files: real records of
/// Debian's 5.10 for amd64.
final class TranslatePages {

  static final String KERNEL = "debian-bullseye-5.10.0-46-amd64";
  static final int PAGE = 4096;

  private static final int HEAD = 16;

  /// `sched_switch` has the same layout and id in all of them.
  private static final String[] TRACES = {"all", "function", "net", "syscalls"};

  /// Enough that a processor does not learn them by heart.
  private static final int SCHED_PAGES = 256;

  private TranslatePages() {}

  static Path trace(Path folder) {
    return folder.resolve("translate-all.dat");
  }

  /// The pages of one CPU.
  static Path pages(Path folder, String name, int cpu) {
    return folder.resolve("translate-" + name + "." + cpu + ".pages");
  }

  static byte[] read(Path folder, String name, int cpu) throws IOException {
    return Files.readAllBytes(pages(folder, name, cpu));
  }

  /// Writes the trace `all` and two sets of pages: `mixed`, which are the trace's own, and `sched`,
  /// which have nothing but records of `sched_switch`, in their order and with their distances in
  /// time.
  static void write(Path folder) throws IOException {
    for (String name : TRACES) {
      try (InputStream in =
          new ZstdInputStream(
              Files.newInputStream(
                  SampleKernel.SAMPLES
                      .resolve(KERNEL)
                      .resolve("traces")
                      .resolve(name + ".dat.zst")))) {
        Files.write(folder.resolve("translate-" + name + ".dat"), in.readAllBytes());
      }
    }
    mixed(folder);
    sched(folder);
  }

  private static void mixed(Path folder) throws IOException {
    try (FileChannel file = FileChannel.open(trace(folder))) {
      TraceDat dat =
          TraceDat.read(
              file, "all.dat", new TraceDat.Limits(InputLimits.DEFAULT, 64 << 20, 16, 16));
      for (TraceDat.CpuData cpu : dat.buffers().getFirst().cpus()) {
        ByteBuffer pages = ByteBuffer.allocate(Math.toIntExact(cpu.size()));
        file.read(pages, cpu.offset());
        Files.write(pages(folder, "mixed", cpu.cpu()), pages.array());
      }
    }
  }

  private static void sched(Path folder) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteBuffer page = ByteBuffer.allocate(PAGE).order(ByteOrder.LITTLE_ENDIAN);
    long time = 0;
    page.position(HEAD);
    while (out.size() < SCHED_PAGES * PAGE) {
      for (String name : TRACES) {
        Path file = folder.resolve("translate-" + name + ".dat");
        try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
          BitSet wanted = ids(trace.content());
          long before = 0;
          try (RecordCursor records =
              trace.records(
                  new RecordFilter(wanted::get, _ -> true, Long.MIN_VALUE, Long.MAX_VALUE))) {
            while (records.advance()) {
              if (page.remaining() < 4 + records.length()) {
                finish(page, out);
              }
              if (page.position() == HEAD) {
                page.putLong(0, time);
                before = records.timestamp();
              }
              long delta = Math.min(records.timestamp() - before, (1 << 27) - 1);
              before = records.timestamp();
              time += delta;
              page.putInt((int) delta << 5 | records.length() / 4);
              page.put(records.bytes(), records.offset(), records.length());
            }
          }
        }
      }
    }
    Files.write(pages(folder, "sched", 0), out.toByteArray());
  }

  private static BitSet ids(TraceContent content) {
    return EventTypes.interpreted(content).ids(event -> event.name().equals("sched_switch"));
  }

  private static void finish(ByteBuffer page, ByteArrayOutputStream out) {
    page.putLong(8, page.position() - HEAD);
    out.write(page.array(), 0, PAGE);
    page.clear();
    Arrays.fill(page.array(), (byte) 0);
    page.position(HEAD);
  }
}
