package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/// Everything that a `trace.dat` has besides its records, and where these are. The byte arrays are
/// not copied, and not to be changed.
///
/// @param kernel what it says of the kernel, and the formats
/// @param compression of the records of compressed buffers: `zstd`, `zlib`, `none`, or what this
///   reader does not know
/// @param symbols `/proc/kallsyms`; empty where the file has none
/// @param printkFormats `printk_formats`
/// @param commandNames `saved_cmdlines`
/// @param buffers the kernel's own first
/// @param diagnostics what is wrong besides the formats
public record TraceDat(
    KernelInput kernel,
    String compression,
    byte[] symbols,
    byte[] printkFormats,
    byte[] commandNames,
    List<Buffer> buffers,
    List<Diagnostic> diagnostics) {

  /// Copies the lists.
  public TraceDat {
    buffers = List.copyOf(buffers);
    diagnostics = List.copyOf(diagnostics);
  }

  /// A ring buffer.
  ///
  /// @param name of the instance; empty for the kernel's own
  /// @param clock `local`, `mono`, …; empty where the file does not say
  /// @param pageSize of its (sub-)pages in bytes; 0 where the file does not say
  /// @param compressed whether its records are
  /// @param text whether it is a latency tracer's text, and not records
  public record Buffer(
      String name,
      String clock,
      int pageSize,
      boolean compressed,
      boolean text,
      ClockScale scale,
      List<CpuData> cpus) {

    /// Copies the list.
    public Buffer {
      cpus = List.copyOf(cpus);
    }
  }

  /// The records of one CPU, as the file says: not checked against the file's size.
  ///
  /// @param offset from the file's start; negative from 2^63 on, which no offset can be
  public record CpuData(int cpu, long offset, long size) {}

  /// What is accepted.
  ///
  /// @param input for the formats
  /// @param maxTableBytes of each of the three texts
  /// @param maxBuffers in the file
  /// @param maxCpus of all buffers together
  public record Limits(InputLimits input, int maxTableBytes, int maxBuffers, int maxCpus) {}

  /// Reads a file's structure. What is wrong with it is in the result: damage leaves out what it
  /// hits.
  ///
  /// @param name the file, as diagnostics are to name it
  /// @throws IOException if the operating system cannot read the file
  public static TraceDat read(FileChannel file, String name, Limits limits) throws IOException {
    InputCollector out = new InputCollector(name, limits.input());
    TraceDatRecords records = new TraceDatRecords(limits);
    try {
      new TraceDatReader(new ByteSource.OfFile(file, file.size(), out.name()), out, records).read();
    } catch (DamagedInput damage) {
      out.end(damage);
    }
    return records.finish(out.finish());
  }
}
