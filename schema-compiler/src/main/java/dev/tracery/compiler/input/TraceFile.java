package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A `trace.dat`, a `perf.data` or raw pages, open for reading at any place. One that is compressed
/// with gzip or zstd is unpacked to a temporary file, of which nothing remains.
///
/// @param channel of the file as it is when it is not compressed
/// @param name as diagnostics are to name it
/// @param diagnostics what is wrong with the compressed bytes: the file ends there
public record TraceFile(Kind kind, FileChannel channel, String name, List<Diagnostic> diagnostics)
    implements AutoCloseable {

  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final String EXPECTED =
      "expected a trace.dat or a perf.data (plain, or compressed with gzip or zstd)";

  /// What trace files there are.
  public enum Kind {
    TRACE_DAT,
    PERF_DATA,
    /// Pages of a ring buffer and nothing else, which cannot be recognised.
    PAGES
  }

  /// Copies the list.
  public TraceFile {
    diagnostics = List.copyOf(diagnostics);
  }

  /// Opens a file; its content decides of which kind it is, not its name.
  ///
  /// @param maxBytes that a compressed file may have when it is unpacked
  /// @throws DamagedInput if it is neither
  /// @throws IOException if the operating system cannot read it
  public static TraceFile open(Path file, long maxBytes, InputLimits limits) throws IOException {
    return open(file, file.toString(), maxBytes, limits);
  }

  /// The same of a file that is called something else.
  ///
  /// @param name how diagnostics name it
  public static TraceFile open(Path file, String name, long maxBytes, InputLimits limits)
      throws IOException {
    return open(file, name, false, maxBytes, limits);
  }

  /// Opens a file of which the caller knows that it is of [Kind#PAGES].
  ///
  /// @param maxBytes that a compressed file may have when it is unpacked
  /// @throws DamagedInput if it is compressed, and damaged from its start
  /// @throws IOException if the operating system cannot read it
  public static TraceFile openPages(Path file, long maxBytes, InputLimits limits)
      throws IOException {
    return open(file, file.toString(), true, maxBytes, limits);
  }

  private static TraceFile open(
      Path file, String called, boolean pages, long maxBytes, InputLimits limits)
      throws IOException {
    String name = Printable.escape(called);
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
    boolean opened = false;
    try {
      InputStream whole = Channels.newInputStream(channel);
      byte[] head = whole.readNBytes(HEAD_BYTES);
      Optional<Compression> compression = Compression.of(head);
      if (compression.isEmpty()) {
        TraceFile result =
            new TraceFile(pages ? Kind.PAGES : kind(head, name, ""), channel, name, List.of());
        opened = true;
        return result;
      }
      channel.position(0);
      CountedStream counted = new CountedStream(whole, name, 0);
      try (InputStream stream =
          new BufferedInputStream(
              new DecompressedStream(counted, compression.get(), maxBytes, limits), BUFFER_BYTES)) {
        return unpack(stream, pages, name);
      }
    } finally {
      if (!opened) {
        channel.close();
      }
    }
  }

  private static TraceFile unpack(InputStream stream, boolean pages, String name)
      throws IOException {
    byte[] head = stream.readNBytes(HEAD_BYTES);
    Kind kind = pages ? Kind.PAGES : kind(head, name, " inside");
    List<Diagnostic> damage = new ArrayList<>();
    InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), stream);
    return new TraceFile(kind, unpacked(whole, damage), name + " (decompressed)", damage);
  }

  /// A temporary file with what a stream has up to where it is damaged. It has no name any more.
  static FileChannel unpacked(InputStream whole, List<Diagnostic> damage) throws IOException {
    Path file = Files.createTempFile("tracery-", ".unpacked");
    FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean done = false;
    try {
      // Why: what has no name is gone with the process, however that ends.
      Files.delete(file);
      OutputStream target = Channels.newOutputStream(channel);
      try {
        whole.transferTo(target);
      } catch (DamagedInput found) {
        // Why: what came out before the damage may hold most of the records.
        damage.add(found.diagnostic());
      }
      done = true;
      return channel;
    } finally {
      if (!done) {
        channel.close();
      }
    }
  }

  private static Kind kind(byte[] head, String name, String inside) throws DamagedInput {
    if (TracingHeader.matches(head)) {
      return Kind.TRACE_DAT;
    }
    if (PerfDataReader.matches(head)) {
      return Kind.PERF_DATA;
    }
    String other = Compression.unsupported(head);
    SourceLocation start = SourceLocation.inBinary(name, 0);
    throw other.isEmpty()
        ? new DamagedInput(InputCode.INPUT_NOT_RECOGNISED, start, EXPECTED + inside, "")
        : new DamagedInput(
            InputCode.COMPRESSION_UNSUPPORTED,
            start,
            "is compressed with " + other + ": " + EXPECTED,
            "decompress it first");
  }

  /// How many bytes it has, decompressed.
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
