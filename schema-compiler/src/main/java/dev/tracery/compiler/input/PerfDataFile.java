package dev.tracery.compiler.input;

import dev.tracery.model.ByteOrder;
import java.io.IOException;
import java.nio.channels.FileChannel;

/// Where the parts of a `perf.data` lie, for a reader of its samples. The byte arrays are not
/// copied, and not to be changed.
///
/// @param kernel what it says of the kernel, the formats, and what is wrong with them
/// @param byteOrder of everything in the file
/// @param pipe whether it is what `perf record -o -` writes: attributes are records then, too
/// @param cpus of the machine; 0 where the file does not say
/// @param attributes the table of attributes; empty in the form of a pipe
/// @param attributeSize of one entry of the table, as the file says it
/// @param samples the records, as far as the file has them
/// @param symbols `/proc/kallsyms`; perf writes none any more, but has a place for it
/// @param printkFormats `printk_formats`
/// @param commandNames `saved_cmdlines`
public record PerfDataFile(
    KernelInput kernel,
    ByteOrder byteOrder,
    boolean pipe,
    int cpus,
    Extent attributes,
    long attributeSize,
    Extent samples,
    byte[] symbols,
    byte[] printkFormats,
    byte[] commandNames) {

  /// Whether bytes begin as a `perf.data`. The first 8 are looked at.
  public static boolean matches(byte[] head) {
    return PerfDataReader.matches(head);
  }

  /// Reads everything but attributes and samples. Damage is a diagnostic of the kernel.
  ///
  /// @param name the file, as diagnostics are to name it
  /// @param maxTableBytes of each of the three byte arrays; a longer one is left out
  /// @throws IOException if the operating system cannot read the file
  public static PerfDataFile read(
      FileChannel channel, String name, InputLimits limits, int maxTableBytes) throws IOException {
    InputCollector out = new InputCollector(name, limits);
    PerfDataReader reader =
        new PerfDataReader(
            new ByteSource.OfFile(channel, channel.size(), out.name()), out, maxTableBytes);
    try {
      reader.read();
    } catch (DamagedInput damage) {
      out.end(damage);
    }
    return reader.found(out.finish());
  }

  /// A part of the file, in bytes from its start; within the file.
  public record Extent(long offset, long size) {

    static final Extent NONE = new Extent(0, 0);

    /// The first byte that does not belong to it.
    public long end() {
      return offset + size;
    }
  }
}
