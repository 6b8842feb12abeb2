package dev.tracery.client.negotiate;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the running kernel says of itself.
final class RunningKernel {

  private static final int MAX_BYTES = 4096;
  private static final int AT_PAGESZ = 6;
  private static final int USUAL_PAGE_SIZE = 4096;

  /// The `commit` of `header_page` is a `local_t`, a long of the kernel
  /// (kernel/trace/ring_buffer.c).
  private static final Pattern COMMIT =
      Pattern.compile("\\bcommit;\\s*offset:\\d{1,9};\\s*size:([48]);");

  /// `os.arch` of the JVMs that spell it otherwise than `uname -m`.
  private static final Map<String, String> MACHINES =
      Map.of("amd64", "x86_64", "i386", "i686", "x86", "i686");

  private final Path root;

  /// @param root where `proc` is
  RunningKernel(Path root) {
    this.root = root;
  }

  /// @param events the tracefs' folder, whose `header_page` tells the word size
  KernelIdentity identity(Path events) throws IOException {
    Path kernel = root.resolve("proc/sys/kernel");
    return new KernelIdentity(
        line(kernel.resolve("osrelease")),
        line(kernel.resolve("version")),
        machine(kernel.resolve("arch")),
        new Target(
            wordSize(events.resolve("header_page")),
            java.nio.ByteOrder.nativeOrder() == java.nio.ByteOrder.BIG_ENDIAN
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN),
        pageSize());
  }

  /// `/proc/sys/kernel/arch` is there since Linux 6.1.
  private static String machine(Path arch) throws IOException {
    if (Files.isReadable(arch)) {
      return line(arch);
    }
    String name = System.getProperty("os.arch", "");
    return MACHINES.getOrDefault(name, name);
  }

  /// The kernel's, which is not that of this JVM where a 32-bit one runs on a 64-bit kernel.
  private static WordSize wordSize(Path headerPage) throws IOException {
    if (Files.isReadable(headerPage)) {
      Matcher commit = COMMIT.matcher(new String(content(headerPage), StandardCharsets.ISO_8859_1));
      if (commit.find()) {
        return WordSize.ofBytes(Integer.parseInt(commit.group(1)));
      }
    }
    return isWideJvm() ? WordSize.BITS_64 : WordSize.BITS_32;
  }

  /// From the auxiliary vector.
  private int pageSize() throws IOException {
    Path file = root.resolve("proc/self/auxv");
    if (!Files.isReadable(file)) {
      return USUAL_PAGE_SIZE;
    }
    ByteBuffer auxv = ByteBuffer.wrap(content(file)).order(java.nio.ByteOrder.nativeOrder());
    boolean wide = isWideJvm();
    while (auxv.remaining() >= (wide ? 16 : 8)) {
      long key = wide ? auxv.getLong() : auxv.getInt();
      long value = wide ? auxv.getLong() : auxv.getInt();
      if (key == AT_PAGESZ) {
        return (int) value;
      }
    }
    return USUAL_PAGE_SIZE;
  }

  private static boolean isWideJvm() {
    return !"32".equals(System.getProperty("sun.arch.data.model"));
  }

  private static String line(Path file) throws IOException {
    return new String(content(file), StandardCharsets.UTF_8).strip();
  }

  private static byte[] content(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(MAX_BYTES);
    }
  }
}
