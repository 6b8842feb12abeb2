package dev.tracery.grpc.stream;

import com.google.protobuf.ByteString;
import java.io.InputStream;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Chunks as bytes. Not thread-safe.
public final class ChunkInputStream extends InputStream {

  private final Supplier<@Nullable ByteString> chunks;
  private ByteString chunk = ByteString.EMPTY;
  private int position;
  private boolean ended;

  /// @param chunks answers the next chunk, null after the last; may block or throw
  public ChunkInputStream(Supplier<@Nullable ByteString> chunks) {
    this.chunks = chunks;
  }

  @Override
  public int read() {
    return fill() ? chunk.byteAt(position++) & 0xff : -1;
  }

  @Override
  public int read(byte[] into, int from, int length) {
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int step = Math.min(length, chunk.size() - position);
    chunk.substring(position, position + step).copyTo(into, from);
    position += step;
    return step;
  }

  @Override
  public int available() {
    return chunk.size() - position;
  }

  private boolean fill() {
    while (!ended && position == chunk.size()) {
      ByteString next = chunks.get();
      position = 0;
      chunk = next == null ? ByteString.EMPTY : next;
      ended = next == null;
    }
    return !ended;
  }
}
