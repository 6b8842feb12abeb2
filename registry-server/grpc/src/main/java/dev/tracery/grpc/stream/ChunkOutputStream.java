package dev.tracery.grpc.stream;

import com.google.protobuf.ByteString;
import java.io.OutputStream;
import java.util.function.Consumer;

/// Bytes as chunks of a bounded size. Not thread-safe.
public final class ChunkOutputStream extends OutputStream {

  /// The size of a chunk, in bytes.
  public static final int CHUNK_BYTES = 64 * 1024;

  private final Consumer<ByteString> chunks;
  private final byte[] buffer = new byte[CHUNK_BYTES];
  private int size;

  /// @param chunks takes each chunk, and may block or throw
  public ChunkOutputStream(Consumer<ByteString> chunks) {
    this.chunks = chunks;
  }

  @Override
  public void write(int b) {
    if (size == buffer.length) {
      flush();
    }
    buffer[size++] = (byte) b;
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    int left = length;
    while (left > 0) {
      if (size == buffer.length) {
        flush();
      }
      int step = Math.min(left, buffer.length - size);
      System.arraycopy(bytes, from + length - left, buffer, size, step);
      size += step;
      left -= step;
    }
  }

  @Override
  public void flush() {
    if (size > 0) {
      chunks.accept(ByteString.copyFrom(buffer, 0, size));
      size = 0;
    }
  }

  @Override
  public void close() {
    flush();
  }
}
