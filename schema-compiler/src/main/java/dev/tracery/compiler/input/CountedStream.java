package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Knows how many bytes were read, and whether it was the stream itself that failed.
final class CountedStream extends FilterInputStream {

  private final String name;
  private final long base;
  private long count;
  private boolean failed;

  /// @param name the file, as diagnostics name it
  /// @param base where in that file the stream begins
  CountedStream(InputStream in, String name, long base) {
    super(in);
    this.name = name;
    this.base = base;
  }

  long count() {
    return count;
  }

  boolean failed() {
    return failed;
  }

  SourceLocation here() {
    return SourceLocation.inBinary(name, base + count);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    try {
      int got = in.read(into, offset, length);
      count += Math.max(got, 0);
      return got;
    } catch (IOException e) {
      failed = true;
      throw e;
    }
  }

  /// Reads on without keeping anything.
  ///
  /// @return whether there were so many bytes
  boolean skipAtMost(long bytes) throws IOException {
    byte[] sink = new byte[(int) Math.min(8192, Math.max(bytes, 1))];
    long left = bytes;
    while (left > 0) {
      int got = read(sink, 0, (int) Math.min(sink.length, left));
      if (got < 0) {
        return false;
      }
      left -= got;
    }
    return true;
  }

  @Override
  public long skip(long bytes) throws IOException {
    long before = count;
    skipAtMost(bytes);
    return count - before;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
