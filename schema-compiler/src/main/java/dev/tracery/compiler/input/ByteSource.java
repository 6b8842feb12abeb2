package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/// Bytes that can be read at any place.
sealed interface ByteSource {

  /// How many there are.
  long size();

  /// Reads some bytes, at least one.
  ///
  /// @return how many; -1 at or after the end
  int read(long position, byte[] into) throws IOException;

  /// How diagnostics name the place `position`.
  SourceLocation at(long position);

  /// A file, which stays the caller's to close.
  ///
  /// @param size as the caller found it: a file that grows or shrinks meanwhile is read as if it
  ///   had not, or as truncated
  record OfFile(FileChannel channel, long size, String name) implements ByteSource {

    @Override
    public int read(long position, byte[] into) throws IOException {
      return channel.read(ByteBuffer.wrap(into), position);
    }

    @Override
    public SourceLocation at(long position) {
      return SourceLocation.inBinary(name, position);
    }
  }

  /// What was decompressed from a place in a file: diagnostics name that place, whatever the
  /// position.
  record OfArray(byte[] bytes, SourceLocation origin) implements ByteSource {

    @Override
    public long size() {
      return bytes.length;
    }

    @Override
    public int read(long position, byte[] into) {
      if (position < 0 || position >= bytes.length) {
        return -1;
      }
      int length = (int) Math.min(into.length, bytes.length - position);
      System.arraycopy(bytes, (int) position, into, 0, length);
      return length;
    }

    @Override
    public SourceLocation at(long position) {
      return origin;
    }
  }
}
