package dev.tracery.translate.server;

import dev.tracery.translate.ItemSink;
import dev.tracery.translation.Answers;
import java.util.Arrays;

/// Gathers items into answers of some size. Not thread-safe.
final class ResponseBatch implements ItemSink {

  /// When an answer has so many bytes it goes out.
  private static final int ENOUGH = 32 << 10;

  private static final int ITEMS = 1 << 3 | 2;
  private static final int LONGEST_HEAD = 6;

  private final Answers answers;
  private byte[] out = new byte[ENOUGH * 2];
  private int size;

  ResponseBatch(Answers answers) {
    this.answers = answers;
  }

  @Override
  public void item(byte[] bytes, int offset, int length) {
    if (out.length - size < length + LONGEST_HEAD) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, size + length + LONGEST_HEAD));
    }
    out[size++] = ITEMS;
    for (int rest = length; ; rest >>>= 7) {
      if (rest <= 0x7f) {
        out[size++] = (byte) rest;
        break;
      }
      out[size++] = (byte) (rest | 0x80);
    }
    System.arraycopy(bytes, offset, out, size, length);
    size += length;
    if (size >= ENOUGH) {
      flush();
    }
  }

  /// Sends what has gathered.
  void flush() {
    if (size > 0) {
      byte[] response = Arrays.copyOf(out, size);
      size = 0;
      answers.send(response);
    }
  }
}
