package dev.tracery.trace;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;

/// A file that is mapped, not read: it may be larger than memory. Thread-safe.
final class MappedFile implements AutoCloseable {

  private final String name;
  private final Arena arena;
  private final FileChannel channel;
  private final MemorySegment bytes;

  /// @param channel is closed with this. Who closes it sooner loses the look at the file's size
  ///   before every [#copy]
  /// @param name as diagnostics are to name it
  MappedFile(FileChannel channel, String name) throws IOException {
    this.name = name;
    this.channel = channel;
    this.arena = arena();
    boolean mapped = false;
    try {
      this.bytes = channel.map(MapMode.READ_ONLY, 0, channel.size(), arena);
      mapped = true;
    } finally {
      if (!mapped) {
        arena.close();
      }
    }
  }

  // Why: the arena is closed with the file.
  @SuppressWarnings("MustBeClosedChecker")
  private static Arena arena() {
    return Arena.ofShared();
  }

  /// As it was when it was opened.
  long size() {
    return bytes.byteSize();
  }

  /// All of it. Where the file became shorter meanwhile, a read throws `InternalError`.
  MemorySegment segment() {
    return bytes;
  }

  SourceLocation at(long offset) {
    return SourceLocation.inBinary(name, offset);
  }

  /// Copies bytes that are within [#size].
  ///
  /// @return false if the file became shorter meanwhile
  /// @throws InternalError if it becomes shorter at this very moment: the JVM throws that, here or
  ///   in a caller, soon after
  boolean copy(long from, byte[] into, int at, int length) throws IOException {
    if (channel.isOpen() && channel.size() < from + length) {
      return false;
    }
    MemorySegment.copy(bytes, from, MemorySegment.ofArray(into), at, length);
    return true;
  }

  @Override
  public void close() throws IOException {
    arena.close();
    channel.close();
  }
}
