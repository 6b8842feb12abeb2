package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The bytes of a file, decompressed where it is compressed with gzip or zstd.
///
/// @param name the file, as diagnostics name it
/// @param bytes none where there is an error among the diagnostics
public record FileContent(String name, byte[] bytes, List<Diagnostic> diagnostics) {

  private static final int HEAD_BYTES = 512;
  private static final int BUFFER_BYTES = 64 << 10;

  /// Copies the list, not the bytes.
  public FileContent {
    diagnostics = List.copyOf(diagnostics);
  }

  /// Reads a file whole. Nothing is thrown: an error of the operating system too is a diagnostic.
  ///
  /// @param maxBytes that the file may have, decompressed
  public static FileContent read(Path file, int maxBytes, InputLimits limits) {
    InputCollector out = new InputCollector(file.toString(), limits);
    byte[] bytes = {};
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
      in.mark(HEAD_BYTES);
      byte[] head = in.readNBytes(HEAD_BYTES);
      in.reset();
      bytes = content(in, head, maxBytes, out);
    } catch (DamagedInput damage) {
      out.end(damage);
    } catch (IOException e) {
      out.failed(InputCode.INPUT_UNREADABLE, out.at(0), e);
    }
    return new FileContent(out.name(), bytes, out.diagnostics());
  }

  private static byte[] content(InputStream in, byte[] head, int maxBytes, InputCollector out)
      throws IOException {
    var compression = Compression.of(head);
    if (compression.isPresent()) {
      CountedStream file = new CountedStream(in, out.name(), 0);
      try (InputStream stream =
          new DecompressedStream(file, compression.get(), maxBytes, out.limits())) {
        return stream.readAllBytes();
      }
    }
    String other = Compression.unsupported(head);
    if (!other.isEmpty()) {
      throw new DamagedInput(
          InputCode.COMPRESSION_UNSUPPORTED,
          out.at(0),
          "is compressed with "
              + other
              + ": expected a plain file, or one compressed with gzip or"
              + " zstd",
          "decompress it first");
    }
    byte[] bytes = in.readNBytes(maxBytes);
    if (in.read() >= 0) {
      throw new DamagedInput(
          InputCode.INPUT_TOO_LARGE, out.at(maxBytes), "has more than " + maxBytes + " bytes", "");
    }
    return bytes;
  }

  /// Whether something was found for which the file must be refused.
  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(found -> found.severity() == Severity.ERROR);
  }
}
