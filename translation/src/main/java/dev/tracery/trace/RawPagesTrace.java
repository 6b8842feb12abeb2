package dev.tracery.trace;

import dev.tracery.compiler.input.ClockScale;
import dev.tracery.compiler.input.DamagedInput;
import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.FileContent;
import dev.tracery.compiler.input.HeaderPage;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.compiler.input.TraceFile;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Opens a folder with the pages of each CPU, as `per_cpu/cpuN/trace_pipe_raw` gives them.
final class RawPagesTrace {

  private static final int MAX_CLOCK_BYTES = 4096;

  private final Path folder;
  private final Path formats;
  private final TraceLimits limits;
  private final TraceProblems problems = new TraceProblems();

  private RawPagesTrace(Path folder, Path formats, TraceLimits limits) {
    this.folder = folder;
    this.formats = formats;
    this.limits = limits;
  }

  /// @param formats a tracefs tree, or a tar of one; may be `folder`
  static Trace open(Path folder, Path formats, TraceLimits limits) throws IOException {
    return new RawPagesTrace(folder, formats, limits).open();
  }

  private Trace open() throws IOException {
    SourceLocation where = SourceLocation.inBinary(folder.toString(), 0);
    Map<Integer, Path> files = RawPageFiles.in(folder, limits.maxCpus());
    if (files.isEmpty()) {
      throw new TraceException(
          List.of(
              TraceCode.TRACE_NOT_RECOGNISED.at(
                  where,
                  "expected files cpu0.raw, cpu1.raw, … or per_cpu/cpu0/trace_pipe_raw, … in the"
                      + " folder, but there are none",
                  "copy each CPU's trace_pipe_raw out of tracefs with cat")));
    }
    KernelInput kernel = KernelInputReader.read(formats, limits.input());
    Optional<HeaderPage> header = kernel.headerPage().map(Fact::value);
    if (kernel.events().isEmpty() && header.isEmpty()) {
      List<dev.tracery.diagnostic.Diagnostic> found = new ArrayList<>();
      found.add(
          TraceCode.FORMATS_MISSING.at(
              where,
              "has raw pages, but no formats to read them by",
              "give the kernel's tracefs tree, or a tar of it"));
      found.addAll(kernel.diagnostics());
      throw new TraceException(found);
    }
    kernel.diagnostics().forEach(diagnostic -> problems.add(diagnostic, 0));
    List<MappedFile> mapped = new ArrayList<>();
    boolean opened = false;
    try {
      List<Integer> cpus = new ArrayList<>();
      for (Map.Entry<Integer, Path> file : files.entrySet()) {
        mapped.add(map(file.getValue()));
        cpus.add(file.getKey());
      }
      Target target = target(kernel, header, mapped);
      PageFormat format = format(header, target, where);
      List<CpuRegion> regions = new ArrayList<>();
      for (int i = 0; i < mapped.size(); i++) {
        MappedFile file = mapped.get(i);
        if (file.size() > 0) {
          regions.add(
              new CpuRegion(
                  file,
                  0,
                  file.size(),
                  0,
                  cpus.get(i),
                  format,
                  CpuRegion.Packing.NONE,
                  ClockScale.NONE,
                  problems,
                  limits));
        }
      }
      TraceContent content =
          new TraceContent(
              kernel,
              target,
              List.of(new TraceBuffer("", clock(), files.size())),
              table("kallsyms"),
              table("printk_formats"),
              table("saved_cmdlines"));
      opened = true;
      return new PagedTrace(content, regions, mapped, problems, limits);
    } finally {
      if (!opened) {
        PagedTrace.closeAll(mapped);
      }
    }
  }

  private MappedFile map(Path path) throws IOException {
    TraceFile file;
    try {
      file = TraceFile.openPages(path, limits.maxUnpackedBytes(), limits.input());
    } catch (DamagedInput damage) {
      throw new TraceException(List.of(damage.diagnostic()));
    }
    file.diagnostics().forEach(diagnostic -> problems.add(diagnostic, 0));
    boolean mapped = false;
    try {
      MappedFile result = new MappedFile(file.channel(), file.name());
      mapped = true;
      return result;
    } finally {
      if (!mapped) {
        file.close();
      }
    }
  }

  private static Target target(
      KernelInput kernel, Optional<HeaderPage> header, List<MappedFile> files) throws IOException {
    Optional<Target> told =
        IdentityResolver.resolve(kernel, KernelFlags.NONE).identity().map(KernelIdentity::target);
    if (told.isPresent()) {
      return told.get();
    }
    WordSize word = kernel.wordSize().map(Fact::value).orElse(WordSize.BITS_64);
    Optional<ByteOrder> order = kernel.byteOrder().map(Fact::value);
    return new Target(word, order.isPresent() ? order.get() : likelyOrder(word, header, files));
  }

  /// The order in which the first page makes sense.
  private static ByteOrder likelyOrder(
      WordSize word, Optional<HeaderPage> header, List<MappedFile> files) throws IOException {
    for (MappedFile file : files) {
      for (ByteOrder order : ByteOrder.values()) {
        PageFormat format = format(header, new Target(word, order));
        byte[] page = new byte[format.size()];
        int length = (int) Math.min(file.size(), page.length);
        PageWalker walker = new PageWalker(format);
        if (file.copy(0, page, 0, length)) {
          walker.start(page, length);
          if (walker.next() && walker.damage().isEmpty()) {
            return order;
          }
        }
      }
    }
    return ByteOrder.LITTLE_ENDIAN;
  }

  private PageFormat format(Optional<HeaderPage> header, Target target, SourceLocation where) {
    if (header
        .flatMap(page -> PageFormat.of(page, target.byteOrder(), page.pageSize().orElse(0)))
        .isEmpty()) {
      problems.add(
          TraceCode.PAGE_FORMAT_MISSING.at(
              where,
              "nothing says how pages are built; those of a " + target + " kernel are assumed",
              "give a tracefs tree with events/header_page"),
          0);
    }
    return format(header, target);
  }

  private static PageFormat format(Optional<HeaderPage> header, Target target) {
    int size = header.flatMap(HeaderPage::pageSize).orElse(PageFormat.COMMON_SIZE);
    return header
        .flatMap(page -> PageFormat.of(page, target.byteOrder(), size))
        .orElseGet(() -> PageFormat.usual(target, size));
  }

  private byte[] table(String name) {
    return beside(name, limits.maxTableBytes());
  }

  private String clock() {
    String clocks = new String(beside("trace_clock", MAX_CLOCK_BYTES), StandardCharsets.UTF_8);
    int open = clocks.indexOf('[');
    int close = clocks.indexOf(']', open + 1);
    return open < 0 || close < 0 ? "" : clocks.substring(open + 1, close);
  }

  /// A file that lies with the pages, or with the formats; empty if neither has it.
  private byte[] beside(String name, int maxBytes) {
    for (Path place : List.of(folder, formats)) {
      Path file = place.resolve(name);
      if (Files.isRegularFile(file)) {
        FileContent content = FileContent.read(file, maxBytes, limits.input());
        content.diagnostics().forEach(diagnostic -> problems.add(diagnostic, 0));
        return content.bytes();
      }
    }
    return new byte[0];
  }
}
