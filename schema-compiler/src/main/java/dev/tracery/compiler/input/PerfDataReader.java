package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// A `perf.data` with tracing data, as a file or as `perf record -o -` writes it to a pipe
/// (perf.data-file-format.txt and util/header.c in the kernel's tools/perf). Where attributes and
/// samples lie is noted; they are not read.
final class PerfDataReader {

  private static final byte[] LITTLE_MAGIC = "PERFILE2".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BIG_MAGIC = "2ELIFREP".getBytes(StandardCharsets.US_ASCII);
  private static final int PIPE_HEADER_BYTES = 16;
  private static final int FEATURE_TRACING_DATA = 1;
  private static final int FEATURE_HOSTNAME = 3;
  private static final int FEATURE_OSRELEASE = 4;
  private static final int FEATURE_ARCH = 6;
  private static final int FEATURE_NRCPUS = 7;
  private static final int FEATURES = 256;
  private static final int MAX_CPUS = 65_536;
  private static final double VERSION_WITH_COMMANDS = 0.6;
  private static final int RECORD_TRACING_DATA = 66;
  private static final int RECORD_AUXTRACE = 71;
  private static final int RECORD_FEATURE = 80;

  private final InputCollector out;
  private final BinaryCursor file;
  private final long size;
  private boolean hasFormats;
  private boolean hasRelease;
  private boolean hasMachine;
  private final int maxTableBytes;
  private boolean isPipe;
  private int cpus;
  private long attributeSize;
  private PerfDataFile.Extent attributes = PerfDataFile.Extent.NONE;
  private PerfDataFile.Extent samples = PerfDataFile.Extent.NONE;
  private byte[] symbols = new byte[0];
  private byte[] printkFormats = new byte[0];
  private byte[] commandNames = new byte[0];

  /// Reads only what a kernel is known by.
  PerfDataReader(ByteSource source, InputCollector out) {
    this(source, out, 0);
  }

  /// @param maxTableBytes of each table beside the formats
  PerfDataReader(ByteSource source, InputCollector out, int maxTableBytes) {
    this.out = out;
    this.maxTableBytes = maxTableBytes;
    this.file = BinaryCursor.over(source, ByteOrder.LITTLE_ENDIAN);
    this.size = source.size();
  }

  /// Whether bytes begin as a `perf.data` of this format.
  static boolean matches(byte[] head) {
    if (head.length < 8) {
      return false;
    }
    String magic = new String(head, 0, 8, StandardCharsets.ISO_8859_1);
    return magic.equals("PERFILE2") || magic.equals("2ELIFREP");
  }

  /// Reads the metadata of the whole file.
  void read() throws IOException {
    SourceLocation start = file.here();
    if (file.skipIf(BIG_MAGIC)) {
      file.order(ByteOrder.BIG_ENDIAN);
    } else if (!file.skipIf(LITTLE_MAGIC)) {
      throw file.damaged(InputCode.VALUE_INVALID, "expected the word PERFILE2, in either order");
    }
    out.byteOrder(file.order(), start);
    long headerSize = file.u64("the size of the header");
    if (headerSize == PIPE_HEADER_BYTES) {
      isPipe = true;
      samples = new PerfDataFile.Extent(PIPE_HEADER_BYTES, size - PIPE_HEADER_BYTES);
      pipe();
    } else {
      file();
    }
    if (!hasFormats) {
      out.report(
          InputCode.TRACING_DATA_MISSING,
          start,
          "has no tracing data",
          "perf writes it when it records tracepoints, as perf record -e 'sched:*' does, and is not"
              + " killed before it ends");
    }
  }

  /// What was found, whatever [#read] threw.
  PerfDataFile found(KernelInput kernel) {
    return new PerfDataFile(
        kernel,
        file.order(),
        isPipe,
        cpus,
        attributes,
        attributeSize,
        samples,
        symbols,
        printkFormats,
        commandNames);
  }

  private void file() throws IOException {
    attributeSize = file.u64("the size of an attribute");
    long attributesOffset = file.u64("the offset of the attributes");
    attributes = within(attributesOffset, file.u64("the size of the attributes"));
    SourceLocation dataAt = file.here();
    long dataOffset = file.u64("the offset of the samples");
    long dataSize = file.u64("the size of the samples");
    // Why: perf writes the size when it ends. Where it was killed, the samples go on to the end.
    samples = within(dataOffset, dataSize == 0 ? Long.MAX_VALUE : dataSize);
    file.skip("the place of the event types", 16);
    boolean[] present = features(file.bytes("the features", FEATURES / 8, FEATURES / 8));
    file.slice("the samples", dataOffset, dataSize, dataAt);
    BinaryCursor table =
        file.slice(
            "the table of features", dataOffset + dataSize, size - dataOffset - dataSize, dataAt);
    for (int id = 0; id < FEATURES; id++) {
      if (present[id]) {
        String what = "feature " + id;
        SourceLocation saidAt = table.here();
        long offset = table.u64("the offset of " + what);
        BinaryCursor body = file.slice(what, offset, table.u64("the size of " + what), saidAt);
        feature(id, body);
      }
    }
  }

  /// The part of an extent that the file has.
  private PerfDataFile.Extent within(long offset, long length) {
    return offset < 0 || offset > size || length < 0
        ? PerfDataFile.Extent.NONE
        : new PerfDataFile.Extent(offset, Math.min(length, size - offset));
  }

  /// The bits of the header's bitmap, which is an array of longs of the program that recorded: perf
  /// itself takes 64-bit ones if that leaves the feature that every file has, and 32-bit ones if
  /// not.
  private boolean[] features(byte[] bitmap) {
    boolean[] bits = bits(bitmap, 8);
    return bits[FEATURE_HOSTNAME] || file.order() == ByteOrder.LITTLE_ENDIAN
        ? bits
        : bits(bitmap, 4);
  }

  private boolean[] bits(byte[] bitmap, int wordBytes) {
    boolean[] bits = new boolean[FEATURES];
    for (int i = 0; i < FEATURES; i++) {
      int word = i / 8 / wordBytes * wordBytes;
      int inWord = i / 8 % wordBytes;
      int at = word + (file.order() == ByteOrder.LITTLE_ENDIAN ? inWord : wordBytes - 1 - inWord);
      bits[i] = (bitmap[at] >> i % 8 & 1) != 0;
    }
    return bits;
  }

  private void pipe() throws IOException {
    for (int records = 0; file.left() > 0 && !(hasFormats && hasRelease && hasMachine); records++) {
      if (records == out.limits().maxEntries()) {
        return;
      }
      long type = file.u32("the type of a record");
      file.skip("the flags of a record", 2);
      int recordSize = file.u16("the size of a record");
      if (recordSize < 8) {
        throw file.damaged(
            InputCode.VALUE_INVALID,
            "a record's size: expected at least 8 but found " + recordSize);
      }
      BinaryCursor record = file.sliceNext("a record", recordSize - 8);
      if (type == RECORD_TRACING_DATA) {
        long length = record.u32("the size of the tracing data");
        BinaryCursor data = file.sliceNext("the tracing data", length);
        feature(FEATURE_TRACING_DATA, data);
        // Why: tracing data is padded to 8 bytes, and not all versions count the padding.
        file.skip("padding", Math.min(-length & 7, file.left()));
      } else if (type == RECORD_AUXTRACE) {
        file.skip("an AUX area", record.u64("the size of an AUX area"));
      } else if (type == RECORD_FEATURE) {
        long id = record.u64("the id of a feature");
        if (id >= 0 && id < FEATURES) {
          feature((int) id, record);
        }
      }
    }
  }

  private void feature(int id, BinaryCursor body) throws IOException {
    SourceLocation where = body.here();
    try {
      switch (id) {
        case FEATURE_TRACING_DATA -> {
          hasFormats = true;
          tracingData(body);
        }
        case FEATURE_OSRELEASE -> {
          hasRelease = true;
          out.release(string(body, "the kernel's release"), where);
        }
        case FEATURE_ARCH -> {
          hasMachine = true;
          out.machine(string(body, "the machine"), where);
        }
        case FEATURE_NRCPUS -> cpus = (int) Math.min(MAX_CPUS, body.u32("the number of CPUs"));
        default -> {}
      }
    } catch (DamagedInput damage) {
      // Why: the other features may be whole.
      out.end(damage);
    }
  }

  private void tracingData(BinaryCursor body) throws IOException {
    FormatSections formats = new FormatSections(out);
    String version = TracingHeader.read(body, out);
    formats.headers(body);
    formats.ftraceFormats(body);
    formats.eventFormats(body);
    tables(version, body);
  }

  /// What follows the formats (util/trace-event-read.c). Nothing depends on it, so what is missing
  /// or cut there is no problem.
  private void tables(String version, BinaryCursor body) throws IOException {
    try {
      symbols = table(body, "kallsyms", body.u32("the size of kallsyms"));
      printkFormats = table(body, "printk_formats", body.u32("the size of printk_formats"));
      if (number(version) >= VERSION_WITH_COMMANDS) {
        commandNames = table(body, "saved_cmdlines", body.u64("the size of saved_cmdlines"));
      }
    } catch (DamagedInput _) {
      // Why: a kernel can be registered without them, and records read.
    }
  }

  private byte[] table(BinaryCursor body, String what, long size) throws IOException {
    if (size <= maxTableBytes) {
      return body.bytes(what, size, maxTableBytes);
    }
    body.skip(what, size);
    return new byte[0];
  }

  private static double number(String version) {
    return version.matches("\\d{1,6}(\\.\\d{1,6})?") ? Double.parseDouble(version) : 0;
  }

  private static String string(BinaryCursor body, String what) throws IOException {
    return body.text(what, body.u32("the length of " + what), UnameText.MAX_BYTES);
  }
}
