package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the formats of a kernel from whatever has them. Thread-safe.
public final class KernelInputReader {

  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 64 << 10;
  private static final String EXPECTED =
      "expected a tracefs folder, a tar of one, a trace.dat or a perf.data (each plain, or"
          + " compressed with gzip or zstd)";

  private KernelInputReader() {}

  /// Reads an input of any kind; its content decides of which, not its name. A compressed
  /// `trace.dat` or `perf.data` is unpacked to a temporary file, which is deleted again.
  ///
  /// Nothing is thrown: an error of the operating system too is a diagnostic.
  public static KernelInput read(Path input, InputLimits limits) {
    InputCollector out = new InputCollector(input.toString(), limits);
    try {
      BasicFileAttributes attributes = Files.readAttributes(input, BasicFileAttributes.class);
      if (attributes.isDirectory()) {
        if (RunningKernel.isLive(input)) {
          new RunningKernel(Path.of("/")).tell(out);
        }
        new TracefsReader(out).read(input);
      } else if (attributes.isRegularFile()) {
        file(input, out);
      } else {
        notRecognised(out, "is neither a folder nor a plain file: " + EXPECTED);
      }
    } catch (DamagedInput damage) {
      out.end(damage);
    } catch (IOException e) {
      out.failed(InputCode.INPUT_UNREADABLE, out.at(0), e);
    }
    return out.finish();
  }

  private static void file(Path input, InputCollector out) throws IOException {
    try (FileChannel channel = FileChannel.open(input, StandardOpenOption.READ)) {
      InputStream whole = Channels.newInputStream(channel);
      byte[] head = whole.readNBytes(HEAD_BYTES);
      Optional<Compression> compression = Compression.of(head);
      channel.position(0);
      if (compression.isPresent()) {
        compressed(new CountedStream(whole, out.name(), 0), compression.get(), out);
      } else if (TarEntries.matches(head)) {
        new TarReader(out).read(new BufferedInputStream(whole, BUFFER_BYTES), out.name());
      } else if (TracingHeader.matches(head) || PerfDataReader.matches(head)) {
        traceFile(channel, out.name(), head, out);
      } else {
        String other = Compression.unsupported(head);
        if (other.isEmpty()) {
          notRecognised(out, EXPECTED);
        } else {
          out.report(
              InputCode.COMPRESSION_UNSUPPORTED,
              out.at(0),
              "is compressed with " + other + ": " + EXPECTED,
              "decompress it first");
        }
      }
    }
  }

  private static void compressed(CountedStream file, Compression compression, InputCollector out)
      throws IOException {
    String inside = out.name() + " (decompressed)";
    try (InputStream stream =
        new BufferedInputStream(
            new DecompressedStream(
                file, compression, out.limits().maxDecompressedBytes(), out.limits()),
            BUFFER_BYTES)) {
      byte[] head = stream.readNBytes(HEAD_BYTES);
      InputStream whole = new SequenceInputStream(new ByteArrayInputStream(head), stream);
      if (TarEntries.matches(head)) {
        new TarReader(out).read(whole, inside);
      } else if (TracingHeader.matches(head) || PerfDataReader.matches(head)) {
        unpacked(whole, inside, head, out);
      } else {
        notRecognised(out, "is compressed, but " + EXPECTED + " inside");
      }
    }
  }

  private static void unpacked(InputStream whole, String name, byte[] head, InputCollector out)
      throws IOException {
    List<Diagnostic> damage = new ArrayList<>();
    try (FileChannel channel = TraceFile.unpacked(whole, damage)) {
      damage.forEach(out::end);
      traceFile(channel, name, head, out);
    }
  }

  private static void traceFile(FileChannel channel, String name, byte[] head, InputCollector out)
      throws IOException {
    ByteSource source = new ByteSource.OfFile(channel, channel.size(), name);
    if (PerfDataReader.matches(head)) {
      new PerfDataReader(source, out).read();
    } else {
      new TraceDatReader(source, out).read();
    }
  }

  private static void notRecognised(InputCollector out, String message) throws DamagedInput {
    out.report(InputCode.INPUT_NOT_RECOGNISED, out.at(0), message, "");
  }
}
