package dev.tracery.trace;

import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.HeaderPage;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.TraceDat;
import dev.tracery.compiler.input.TraceFile;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// Opens a `trace.dat`: finds where each CPU's pages are, and checks that against the file.
final class TraceDatTrace {

  private final TraceFile file;
  private final TraceLimits limits;
  private final TraceProblems problems = new TraceProblems();
  private final List<CpuRegion> regions = new ArrayList<>();

  private TraceDatTrace(TraceFile file, TraceLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /// @param file belongs to the trace from now on, unless this fails
  static Trace open(TraceFile file, TraceLimits limits) throws IOException {
    return new TraceDatTrace(file, limits).open();
  }

  private Trace open() throws IOException {
    TraceDat dat =
        TraceDat.read(
            file.channel(),
            file.name(),
            new TraceDat.Limits(
                limits.input(), limits.maxTableBytes(), limits.maxBuffers(), limits.maxCpus()));
    List<Diagnostic> found = new ArrayList<>(dat.diagnostics());
    found.addAll(dat.kernel().diagnostics());
    found.forEach(diagnostic -> problems.add(diagnostic, 0));
    MappedFile mapped = new MappedFile(file.channel(), file.name());
    boolean opened = false;
    try {
      Target target = target(dat.kernel());
      List<TraceBuffer> buffers = new ArrayList<>();
      for (TraceDat.Buffer buffer : dat.buffers()) {
        addBuffer(dat, buffer, buffers.size(), target, mapped);
        buffers.add(new TraceBuffer(buffer.name(), buffer.clock(), buffer.cpus().size()));
      }
      refuseWithoutRecords(dat, found, mapped);
      TraceContent content =
          new TraceContent(
              dat.kernel(),
              target,
              buffers,
              dat.symbols(),
              dat.printkFormats(),
              dat.commandNames());
      opened = true;
      return new PagedTrace(content, withoutOverlaps(mapped), List.of(mapped), problems, limits);
    } finally {
      if (!opened) {
        mapped.close();
      }
    }
  }

  private static Target target(KernelInput kernel) {
    return new Target(
        kernel.wordSize().map(Fact::value).orElse(WordSize.BITS_64),
        kernel.byteOrder().map(Fact::value).orElse(ByteOrder.LITTLE_ENDIAN));
  }

  private static void refuseWithoutRecords(TraceDat dat, List<Diagnostic> found, MappedFile mapped)
      throws TraceException {
    boolean allText =
        !dat.buffers().isEmpty() && dat.buffers().stream().allMatch(TraceDat.Buffer::text);
    if (dat.buffers().isEmpty() || allText) {
      List<Diagnostic> reasons = new ArrayList<>();
      reasons.add(
          allText
              ? TraceCode.RECORDS_ARE_TEXT.at(
                  mapped.at(0),
                  "has a latency tracer's text and no records",
                  "trace-cmd report shows the text")
              : TraceCode.RECORDS_MISSING.at(
                  mapped.at(0),
                  "has no buffer with records",
                  "it was cut, or is damaged; record it again"));
      reasons.addAll(found);
      throw new TraceException(reasons);
    }
  }

  private void addBuffer(
      TraceDat dat, TraceDat.Buffer buffer, int index, Target target, MappedFile mapped) {
    if (buffer.text()) {
      problems.add(
          TraceCode.RECORDS_ARE_TEXT.at(
              mapped.at(0),
              "the buffer " + quoted(buffer.name()) + " has a latency tracer's text and no records",
              "trace-cmd report shows the text"),
          0);
      return;
    }
    CpuRegion.Packing packing = CpuRegion.Packing.NONE;
    if (buffer.compressed()) {
      switch (dat.compression()) {
        case "zstd" -> packing = CpuRegion.Packing.ZSTD;
        case "zlib" -> packing = CpuRegion.Packing.ZLIB;
        default -> {
          problems.add(
              TraceCode.COMPRESSION_UNSUPPORTED.at(
                  mapped.at(0),
                  "expected zstd or zlib but the records are compressed with "
                      + quoted(dat.compression()),
                  "convert it with trace-cmd convert --compression zstd"),
              buffer.cpus().stream().mapToLong(cpu -> Math.max(cpu.size(), 0)).sum());
          return;
        }
      }
    }
    PageFormat format = format(dat.kernel(), buffer, target, mapped);
    for (TraceDat.CpuData cpu : buffer.cpus()) {
      if (cpu.size() != 0) {
        addCpu(cpu, buffer, index, format, packing, mapped);
      }
    }
  }

  private void addCpu(
      TraceDat.CpuData cpu,
      TraceDat.Buffer buffer,
      int index,
      PageFormat format,
      CpuRegion.Packing packing,
      MappedFile mapped) {
    long left = cpu.offset() < 0 ? 0 : Math.max(mapped.size() - cpu.offset(), 0);
    long size = cpu.size() < 0 ? left : Math.min(cpu.size(), left);
    if (size != cpu.size()) {
      problems.add(
          TraceCode.RECORDS_BEYOND_END.at(
              mapped.at(0),
              "cpu "
                  + cpu.cpu()
                  + ": "
                  + Long.toUnsignedString(cpu.size())
                  + " bytes at offset "
                  + Long.toUnsignedString(cpu.offset())
                  + " are expected but the file ends at "
                  + mapped.size(),
              "the file was cut; what is there is read"),
          Math.max(cpu.size() - size, 0));
    }
    if (size > 0) {
      regions.add(
          new CpuRegion(
              mapped,
              cpu.offset(),
              size,
              index,
              cpu.cpu(),
              format,
              packing,
              buffer.scale(),
              problems,
              limits));
    }
  }

  private PageFormat format(
      KernelInput kernel, TraceDat.Buffer buffer, Target target, MappedFile mapped) {
    Optional<HeaderPage> header = kernel.headerPage().map(Fact::value);
    int size =
        buffer.pageSize() != 0
            ? buffer.pageSize()
            : header
                .flatMap(HeaderPage::pageSize)
                .or(() -> kernel.pageSize().map(Fact::value))
                .orElse(PageFormat.COMMON_SIZE);
    Optional<PageFormat> told =
        header.flatMap(page -> PageFormat.of(page, target.byteOrder(), size));
    if (told.isEmpty()) {
      problems.add(
          TraceCode.PAGE_FORMAT_MISSING.at(
              mapped.at(0),
              "nothing says how pages are built; those of a " + target + " kernel are assumed",
              ""),
          0);
    }
    return told.orElseGet(() -> PageFormat.usual(target, size));
  }

  /// Why: CPUs that share their bytes would make a small file take for ever.
  private List<CpuRegion> withoutOverlaps(MappedFile mapped) {
    List<CpuRegion> kept = new ArrayList<>();
    long end = 0;
    for (CpuRegion region :
        regions.stream().sorted(Comparator.comparingLong(CpuRegion::offset)).toList()) {
      if (region.offset() < end) {
        problems.add(
            TraceCode.RECORDS_OVERLAP.at(
                mapped.at(region.offset()),
                "cpu "
                    + region.cpu()
                    + ": its "
                    + region.size()
                    + " bytes lie where another CPU's do, up to "
                    + end,
                "the file is damaged; these are left out"),
            region.size());
      } else {
        kept.add(region);
        end = region.offset() + region.size();
      }
    }
    return kept;
  }

  private static String quoted(String text) {
    StringBuilder out = new StringBuilder("\"");
    text.chars().limit(100).forEach(c -> out.append(c < ' ' || c > '~' ? '?' : (char) c));
    return out.append('"').toString();
  }
}
