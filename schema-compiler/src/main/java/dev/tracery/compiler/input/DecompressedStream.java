package dev.tracery.compiler.input;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/// Decompresses within the limits. What is wrong with the compressed bytes is a [DamagedInput]; any
/// other `IOException` is the operating system's.
final class DecompressedStream extends InputStream {

  /// No ratio is looked at before: short inputs of zeros are honest.
  private static final long RATIO_FREE = 32L << 20;

  private final CountedStream compressed;
  private final Compression compression;
  private final InputLimits limits;
  private final long maxBytes;
  private final InputStream decompressor;
  private long count;

  /// @param maxBytes that may come out
  DecompressedStream(
      CountedStream compressed, Compression compression, long maxBytes, InputLimits limits)
      throws IOException {
    this.compressed = compressed;
    this.compression = compression;
    this.limits = limits;
    this.maxBytes = maxBytes;
    try {
      this.decompressor = compression.open(compressed, limits);
    } catch (IOException e) {
      throw asDamage(e);
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int got;
    try {
      got = decompressor.read(into, offset, length);
    } catch (IOException e) {
      throw asDamage(e);
    } catch (RuntimeException e) {
      // Why: aircompressor throws its own, and on some inputs an index that is out of bounds.
      throw damaged(InputCode.COMPRESSION_DAMAGED, "the " + compression + " data is damaged", "");
    }
    count += Math.max(got, 0);
    if (count > maxBytes) {
      throw damaged(
          InputCode.DECOMPRESSED_TOO_LARGE,
          "decompresses to more than " + maxBytes + " bytes",
          "decompress the file first");
    }
    if (count > RATIO_FREE
        && count / Math.max(compressed.count(), 1) > limits.maxCompressionRatio()) {
      throw damaged(
          InputCode.COMPRESSION_RATIO_TOO_HIGH,
          "decompresses to more than "
              + limits.maxCompressionRatio()
              + " times its size, as no real input does",
          "decompress the file first");
    }
    return got;
  }

  @Override
  public void close() throws IOException {
    decompressor.close();
  }

  private IOException asDamage(IOException e) {
    if (e instanceof DamagedInput || compressed.failed()) {
      return e;
    }
    boolean ended = e instanceof EOFException || "Not enough input bytes".equals(e.getMessage());
    return ended
        ? damaged(InputCode.INPUT_TRUNCATED, "ends within the " + compression + " data", "")
        : damaged(InputCode.COMPRESSION_DAMAGED, "the " + compression + " data is damaged", "");
  }

  private DamagedInput damaged(InputCode code, String message, String hint) {
    return new DamagedInput(code, compressed.here(), message, hint);
  }
}
