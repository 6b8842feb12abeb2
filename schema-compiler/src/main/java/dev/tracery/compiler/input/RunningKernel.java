package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The kernel that this program runs on. Thread-safe.
public final class RunningKernel {

  private static final long AT_PAGESZ = 6;
  private static final int MAX_AUXV = 4096;
  private static final String HINT =
      "run as root; if there is no events folder, mount it: mount -t tracefs nodev"
          + " /sys/kernel/tracing";

  /// `os.arch` of the JVMs that spell it otherwise than `uname -m`.
  private static final Map<String, String> MACHINES =
      Map.of("amd64", "x86_64", "i386", "i686", "x86", "i686");

  private final Path root;

  /// @param root where `sys` and `proc` are
  RunningKernel(Path root) {
    this.root = root;
  }

  /// Reads the formats under `/sys/kernel/tracing`, or `/sys/kernel/debug/tracing` where that is
  /// not mounted, and what `/proc` says of the kernel. Nothing is thrown.
  public static KernelInput read(InputLimits limits) {
    return new RunningKernel(Path.of("/")).readAll(limits);
  }

  /// Whether a folder lies in a tracefs, so that the running kernel is meant.
  static boolean isLive(Path folder) {
    try {
      String type = Files.getFileStore(folder).type();
      return type.equals("tracefs") || type.equals("debugfs");
    } catch (IOException _) {
      // Why: in a chroot without /proc the JDK finds no mount point. There a copy can still be
      // read.
      return false;
    }
  }

  KernelInput readAll(InputLimits limits) {
    List<Path> places =
        List.of(root.resolve("sys/kernel/tracing"), root.resolve("sys/kernel/debug/tracing"));
    Path place =
        places.stream()
            .filter(path -> Files.isReadable(path.resolve("events")))
            .findFirst()
            .orElse(places.getFirst());
    InputCollector out = new InputCollector(place.toString(), limits);
    Path events = place.resolve("events");
    try {
      if (Files.isReadable(events) && Files.isExecutable(events)) {
        tell(out);
        new TracefsReader(out).read(place);
      } else {
        String state =
            Files.isDirectory(events) ? "is not readable" : "is not there or not readable";
        out.report(
            InputCode.INPUT_UNREADABLE,
            SourceLocation.inBinary(events.toString(), 0),
            "the running kernel's events folder " + state,
            HINT);
      }
    } catch (DamagedInput damage) {
      out.end(damage);
    } catch (IOException e) {
      out.failed(InputCode.INPUT_UNREADABLE, out.at(0), e);
    }
    return out.finish();
  }

  /// What `/proc` and the JVM say. The word size is left to `header_page`: a 32-bit JVM runs on
  /// 64-bit kernels.
  void tell(InputCollector out) throws IOException {
    Path kernel = root.resolve("proc/sys/kernel");
    Path release = kernel.resolve("osrelease");
    out.release(line(release), at(release));
    Path build = kernel.resolve("version");
    out.build(line(build), at(build));
    // Why: 6.1 and later; `uname -m` without a process.
    Path arch = kernel.resolve("arch");
    if (Files.isReadable(arch)) {
      out.machine(line(arch), at(arch));
    } else {
      String name = System.getProperty("os.arch", "");
      out.machine(MACHINES.getOrDefault(name, name), SourceLocation.inBinary("os.arch", 0));
    }
    ByteOrder order =
        java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN;
    out.byteOrder(order, SourceLocation.inBinary("the running system", 0));
    pageSize(out);
  }

  /// From the auxiliary vector: `header_page` tells the ring buffer's pages, which may be larger.
  private void pageSize(InputCollector out) throws IOException {
    Path file = root.resolve("proc/self/auxv");
    if (!Files.isReadable(file)) {
      return;
    }
    ByteBuffer auxv = ByteBuffer.wrap(content(file)).order(java.nio.ByteOrder.nativeOrder());
    boolean wide = !"32".equals(System.getProperty("sun.arch.data.model"));
    while (auxv.remaining() >= (wide ? 16 : 8)) {
      long key = wide ? auxv.getLong() : auxv.getInt();
      long value = wide ? auxv.getLong() : auxv.getInt();
      if (key == AT_PAGESZ && HeaderPage.isPageSize(value)) {
        out.pageSize((int) value, at(file));
        return;
      }
    }
  }

  private static String line(Path file) throws IOException {
    return new String(content(file), StandardCharsets.UTF_8).strip();
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_AUXV);
    }
  }

  private static SourceLocation at(Path file) {
    return SourceLocation.inBinary(file.toString(), 0);
  }
}
