package dev.tracery.trace;

import io.airlift.compress.v3.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Random;

/// Other forms of a `perf.data` that perf wrote as a file. perf 6.1 prints of each what it prints
/// of the file (tried by hand: `perf script -i`).
final class PerfForms {

  private static final int TRACING_DATA = 1;
  private static final int OSRELEASE = 4;
  private static final int ARCH = 6;

  private final ByteBuffer file;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private PerfForms(byte[] file) {
    this.file =
        ByteBuffer.wrap(file)
            .order(file[0] == 'P' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  private long dataOffset() {
    return file.getLong(40);
  }

  private long dataSize() {
    return file.getLong(48);
  }

  /// As `perf record -o -` writes it. `perf script -i -` of perf 6.1 prints of it what it prints of
  /// the file (tried by hand).
  static byte[] pipe(byte[] file) {
    return new PerfForms(file).pipe();
  }

  /// With compressed records, as `perf record -z` writes them: one stream in pieces that end
  /// anywhere. Without the feature that tells perf how large its buffers must be.
  static byte[] compressed(byte[] file, long seed) throws IOException {
    return new PerfForms(file).compressed(new Random(seed));
  }

  /// With the first samples only.
  ///
  /// @param bytes of samples at least
  static byte[] shortened(byte[] file, int bytes) {
    PerfForms form = new PerfForms(file);
    int at = (int) form.dataOffset();
    while (at < form.dataOffset() + bytes) {
      at += form.file.getShort(at + 6) & 0xffff;
    }
    return form.withRecords(Arrays.copyOfRange(file, (int) form.dataOffset(), at));
  }

  private byte[] pipe() {
    out.write(file.array(), 0, 8);
    number(16, 8);
    long attributeSize = file.getLong(16);
    for (long at = file.getLong(24);
        at < file.getLong(24) + file.getLong(32);
        at += attributeSize) {
      int size = (int) attributeSize - 16;
      int ids = (int) file.getLong((int) at + size);
      int idsSize = (int) file.getLong((int) at + size + 8);
      header(64, 8 + size + idsSize);
      out.write(file.array(), (int) at, size);
      out.write(file.array(), ids, idsSize);
    }
    for (int id : new int[] {OSRELEASE, ARCH}) {
      byte[] body = feature(id);
      header(80, 16 + body.length);
      number(id, 8);
      out.writeBytes(body);
    }
    byte[] tracing = feature(TRACING_DATA);
    int padding = -tracing.length & 7;
    header(66, 12);
    number(tracing.length + padding, 4);
    out.writeBytes(tracing);
    out.writeBytes(new byte[padding]);
    out.write(file.array(), (int) dataOffset(), (int) dataSize());
    return out.toByteArray();
  }

  private byte[] compressed(Random random) throws IOException {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    try (ZstdOutputStream zstd = new ZstdOutputStream(frame)) {
      zstd.write(file.array(), (int) dataOffset(), (int) dataSize());
    }
    byte[] whole = withoutEnd(frame.toByteArray());
    for (int at = 0; at < whole.length; ) {
      int length = Math.min(whole.length - at, 1 + random.nextInt(60_000));
      header(81, 8 + length);
      out.write(whole, at, length);
      at += length;
    }
    return withRecords(out.toByteArray());
  }

  /// A frame that has no last block, as perf leaves it, and no checksum (RFC 8878, section 3.1.1).
  private static byte[] withoutEnd(byte[] frame) {
    int descriptor = frame[4] & 0xff;
    boolean single = (descriptor & 0x20) != 0;
    int sizeBytes = descriptor >> 6 == 0 ? single ? 1 : 0 : 1 << (descriptor >> 6);
    int at = 5 + (single ? 0 : 1) + ((1 << (descriptor & 3)) >> 1) + sizeBytes;
    while (true) {
      int block = frame[at] & 0xff | (frame[at + 1] & 0xff) << 8 | (frame[at + 2] & 0xff) << 16;
      boolean repeated = (block >> 1 & 3) == 1;
      int next = at + 3 + (repeated ? 1 : block >> 3);
      if ((block & 1) != 0) {
        byte[] open = Arrays.copyOf(frame, next);
        open[4] = (byte) (descriptor & ~4);
        open[at] &= ~1;
        return open;
      }
      at = next;
    }
  }

  /// The same file with other records: what follows them moves.
  private byte[] withRecords(byte[] records) {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    whole.write(file.array(), 0, (int) dataOffset());
    whole.writeBytes(records);
    int tableFrom = (int) (dataOffset() + dataSize());
    int moved = records.length - (int) dataSize();
    ByteBuffer rest =
        ByteBuffer.wrap(Arrays.copyOfRange(file.array(), tableFrom, file.capacity()))
            .order(file.order());
    for (int i = 0; i < features(); i++) {
      rest.putLong(16 * i, rest.getLong(16 * i) + moved);
    }
    whole.writeBytes(rest.array());
    ByteBuffer done = ByteBuffer.wrap(whole.toByteArray()).order(file.order());
    done.putLong(48, records.length);
    return done.array();
  }

  private int features() {
    int count = 0;
    for (int word = 0; word < 4; word++) {
      count += Long.bitCount(file.getLong(72 + 8 * word));
    }
    return count;
  }

  private byte[] feature(int wanted) {
    int index = Long.bitCount(file.getLong(72) & (1L << wanted) - 1);
    int entry = (int) (dataOffset() + dataSize()) + 16 * index;
    int offset = (int) file.getLong(entry);
    return Arrays.copyOfRange(file.array(), offset, offset + (int) file.getLong(entry + 8));
  }

  private void header(int type, int size) {
    number(type, 4);
    number(0, 2);
    number(size, 2);
  }

  private void number(long value, int size) {
    for (int i = 0; i < size; i++) {
      out.write((int) (value >> 8 * (file.order() == ByteOrder.BIG_ENDIAN ? size - 1 - i : i)));
    }
  }
}
