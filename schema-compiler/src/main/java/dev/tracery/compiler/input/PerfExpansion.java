package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The records of a `perf record -z`, decompressed. All compressed records together are one zstd
/// stream, of one frame that never ends; what comes out of one may end within a record, which the
/// next one continues (util/zstd.c and __perf_session__process_decomp_events in the kernel's
/// tools/perf, Linux 6.1).
///
/// @param channel a temporary file without a name: the records one after the other, without the
///   areas of data that follow some, and without `PERF_RECORD_FINISHED_ROUND`: the decompressor is
///   behind by as much as the stream may refer back, so these would come too early
/// @param diagnostics what is wrong with the compressed bytes; records end there
public record PerfExpansion(FileChannel channel, List<Diagnostic> diagnostics)
    implements AutoCloseable {

  /// `PERF_RECORD_COMPRESSED`: all after the header is compressed.
  public static final int COMPRESSED = 81;

  /// `PERF_RECORD_COMPRESSED2`, since Linux 6.16: with a size before what is compressed.
  public static final int COMPRESSED_2 = 83;

  private static final int TRACING_DATA = 66;
  private static final int FINISHED_ROUND = 68;
  private static final int AUXTRACE = 71;
  private static final int HEADER_BYTES = 8;

  /// An empty block that is the last one of its frame (RFC 8878, section 3.1.1.2).
  private static final byte[] LAST_BLOCK = {1, 0, 0};

  private static final int BUFFER_BYTES = 64 << 10;

  /// Copies the list.
  public PerfExpansion {
    diagnostics = List.copyOf(diagnostics);
  }

  /// Decompresses.
  ///
  /// @param name the file, as diagnostics are to name it
  /// @param maxBytes that the compressed records may have when they are decompressed
  /// @throws IOException if the operating system cannot read the file, or write another
  public static PerfExpansion of(
      FileChannel channel,
      PerfDataFile.Extent records,
      ByteOrder order,
      String name,
      long maxBytes,
      InputLimits limits)
      throws IOException {
    Path file = Files.createTempFile("tracery-", ".expanded");
    FileChannel target = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    boolean done = false;
    try {
      // Why: what has no name is gone with the process, however that ends.
      Files.delete(file);
      ByteSource source = new ByteSource.OfFile(channel, channel.size(), name);
      BinaryCursor cursor =
          BinaryCursor.over(source, order)
              .slice("the records", records.offset(), records.size(), source.at(0));
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(target), BUFFER_BYTES);
      List<Diagnostic> damage = expand(new Payloads(cursor, out), out, name, maxBytes, limits);
      out.flush();
      done = true;
      return new PerfExpansion(target, damage);
    } finally {
      if (!done) {
        target.close();
      }
    }
  }

  private static List<Diagnostic> expand(
      Payloads payloads, OutputStream out, String name, long maxBytes, InputLimits limits)
      throws IOException {
    WholeRecords whole = new WholeRecords(out, payloads.records.order());
    byte[] buffer = new byte[BUFFER_BYTES];
    CountedStream counted = new CountedStream(payloads, name, payloads.records.position());
    try (DecompressedStream stream =
        new DecompressedStream(counted, Compression.ZSTD, maxBytes, limits)) {
      for (int got = stream.read(buffer); got >= 0; got = stream.read(buffer)) {
        whole.take(buffer, got, payloads.records.here());
      }
    } catch (DamagedInput damage) {
      // Why: where the frame did have an end, the one that is added makes no sense.
      if (!payloads.ended || payloads.damage != null) {
        return List.of(damage.diagnostic());
      }
    }
    return List.of();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  /// What the compressed records hold, one after the other. Other records are copied on the way.
  private static final class Payloads extends InputStream {

    private final BinaryCursor records;
    private final OutputStream out;
    private InputStream payload = InputStream.nullInputStream();
    private boolean ended;
    private @Nullable DamagedInput damage;

    Payloads(BinaryCursor records, OutputStream out) {
      this.records = records;
      this.out = out;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      while (true) {
        int got = payload.read(into, offset, length);
        if (got >= 0 || ended) {
          return got;
        }
        try {
          advance();
        } catch (DamagedInput found) {
          ended = true;
          damage = found;
          throw found;
        }
      }
    }

    /// Copies records up to the next compressed one, or to the end.
    private void advance() throws IOException {
      while (records.left() > 0) {
        long begin = records.position();
        long type = records.u32("the type of a record");
        records.skip("the flags of a record", 2);
        int size = records.u16("the size of a record");
        if (size < HEADER_BYTES) {
          throw records.damaged(
              InputCode.VALUE_INVALID, "a record's size: expected at least 8 but found " + size);
        }
        BinaryCursor body = records.sliceNext("a record", size - HEADER_BYTES);
        if (type == COMPRESSED) {
          payload = body.stream();
          return;
        } else if (type == COMPRESSED_2) {
          long length = body.u64("the size of compressed data");
          payload = body.sliceNext("compressed data", length).stream();
          return;
        } else if (type == TRACING_DATA) {
          long length = body.u32("the size of the tracing data");
          records.skip("the tracing data", Math.min(length + (-length & 7), records.left()));
        } else if (type == AUXTRACE) {
          records.skip("an AUX area", body.u64("the size of an AUX area"));
        } else if (type != FINISHED_ROUND) {
          copy(begin, size);
        }
      }
      // Why: the decompressor holds back what the stream may refer to, until the frame ends.
      payload = new ByteArrayInputStream(LAST_BLOCK);
      ended = true;
    }

    private void copy(long begin, int size) throws IOException {
      BinaryCursor whole = records.slice("a record", begin, size, records.here());
      out.write(whole.bytes("a record", size, size));
    }
  }

  /// Puts records together that come in pieces.
  private static final class WholeRecords {

    private final OutputStream out;
    private final ByteOrder order;
    private final byte[] pending = new byte[2 * BUFFER_BYTES];
    private int length;

    WholeRecords(OutputStream out, ByteOrder order) {
      this.out = out;
      this.order = order;
    }

    void take(byte[] bytes, int count, SourceLocation where) throws IOException {
      System.arraycopy(bytes, 0, pending, length, count);
      length += count;
      int at = 0;
      while (length - at >= HEADER_BYTES) {
        int first = pending[at + 6] & 0xff;
        int second = pending[at + 7] & 0xff;
        int size = order == ByteOrder.BIG_ENDIAN ? first << 8 | second : second << 8 | first;
        if (size < HEADER_BYTES) {
          throw new DamagedInput(
              InputCode.COMPRESSION_DAMAGED,
              where,
              "a decompressed record's size: expected at least 8 but found " + size,
              "");
        }
        if (size > length - at) {
          break;
        }
        out.write(pending, at, size);
        at += size;
      }
      length -= at;
      System.arraycopy(pending, at, pending, 0, length);
    }
  }
}
