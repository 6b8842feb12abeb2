package dev.tracery.compiler.input;

import java.io.IOException;
import java.io.InputStream;

/// Passes a zstd stream on to a decompressor, frame by frame: leaves out skippable frames, and
/// stops at a frame that asks for more memory than allowed (RFC 8878, sections 3.1.1 and 3.1.2).
final class ZstdFrameGuard extends InputStream {

  private static final long MAGIC = 0xfd2fb528L;
  private static final long SKIPPABLE = 0x184d2a50L;
  private static final int LONGEST_HEADER = 18;

  private enum Next {
    FRAME,
    BLOCK,
    /// What follows makes no sense, or has ended: the decompressor says so better.
    ANYTHING
  }

  private final CountedStream in;
  private final int maxWindow;
  private final byte[] pending = new byte[LONGEST_HEADER];
  private int pendingAt;
  private int pendingEnd;
  private long passing;
  private boolean checksum;
  private Next next = Next.FRAME;

  ZstdFrameGuard(CountedStream in, int maxWindow) {
    this.in = in;
    this.maxWindow = maxWindow;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (pendingAt == pendingEnd && passing == 0) {
      advance();
    }
    if (pendingAt < pendingEnd) {
      int count = Math.min(length, pendingEnd - pendingAt);
      System.arraycopy(pending, pendingAt, into, offset, count);
      pendingAt += count;
      return count;
    }
    if (next == Next.ANYTHING && passing == 0) {
      return in.read(into, offset, length);
    }
    int count = in.read(into, offset, (int) Math.min(length, passing));
    if (count > 0) {
      passing -= count;
    }
    return count;
  }

  private void advance() throws IOException {
    pendingAt = 0;
    pendingEnd = 0;
    switch (next) {
      case FRAME -> frame();
      case BLOCK -> block();
      case ANYTHING -> {}
    }
  }

  private void frame() throws IOException {
    while (take(4)) {
      long magic = number(0, 4);
      if ((magic & 0xfffffff0L) == SKIPPABLE) {
        if (!take(4)) {
          break;
        }
        in.skipAtMost(number(4, 4));
        pendingEnd = 0;
        continue;
      }
      if (magic == MAGIC && take(1)) {
        header(pending[4] & 0xff);
        return;
      }
      break;
    }
    next = Next.ANYTHING;
  }

  private void header(int descriptor) throws IOException {
    boolean single = (descriptor & 0x20) != 0;
    int windowBytes = single ? 0 : 1;
    int dictionaryBytes = (1 << (descriptor & 3)) >> 1;
    int sizeFlag = descriptor >> 6;
    int sizeBytes = sizeFlag == 0 ? (single ? 1 : 0) : 1 << sizeFlag;
    if (!take(windowBytes + dictionaryBytes + sizeBytes)) {
      next = Next.ANYTHING;
      return;
    }
    long window;
    if (single) {
      window = number(5 + dictionaryBytes, sizeBytes) + (sizeFlag == 1 ? 256 : 0);
    } else {
      int coded = pending[5] & 0xff;
      long base = 1L << (10 + (coded >> 3));
      window = base + base / 8 * (coded & 7);
    }
    if (window < 0 || window > maxWindow) {
      throw new DamagedInput(
          InputCode.COMPRESSION_UNSUPPORTED,
          in.here(),
          "a zstd frame asks for a window of "
              + Long.toUnsignedString(window)
              + " bytes; at most "
              + maxWindow
              + " are allowed",
          "decompress the file first, with zstd -d");
    }
    checksum = (descriptor & 4) != 0;
    next = Next.BLOCK;
  }

  private void block() throws IOException {
    if (!take(3)) {
      next = Next.ANYTHING;
      return;
    }
    long header = number(0, 3);
    int type = (int) (header >> 1) & 3;
    if (type == 3) {
      next = Next.ANYTHING;
      return;
    }
    passing = type == 1 ? 1 : header >> 3;
    if ((header & 1) != 0) {
      passing += checksum ? 4 : 0;
      next = Next.FRAME;
    }
  }

  /// Appends bytes to those pending; false if the stream ends before there are so many.
  private boolean take(int count) throws IOException {
    int got = in.readNBytes(pending, pendingEnd, count);
    pendingEnd += got;
    return got == count;
  }

  private long number(int offset, int size) {
    long value = 0;
    for (int i = size - 1; i >= 0; i--) {
      value = value << 8 | (pending[offset + i] & 0xff);
    }
    return value;
  }
}
