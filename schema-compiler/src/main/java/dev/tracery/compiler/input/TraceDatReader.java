package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A `trace.dat` of `trace-cmd record`: version 6 (trace-cmd before 3.0) or 7 (trace-cmd.dat.v6(5),
/// trace-cmd.dat.v7(5)). The recorded events are not read, only what describes them and says where
/// they are.
final class TraceDatReader {

  private static final int OPTION_DONE = 0;
  private static final int OPTION_UNAME = 5;
  private static final int SECTION_OPTIONS = 0;
  private static final int SECTION_HEADERS = 16;
  private static final int SECTION_FTRACE_FORMATS = 17;
  private static final int SECTION_EVENT_FORMATS = 18;
  private static final int SECTION_HEAD_BYTES = 16;
  private static final int MAX_WORD = 256;
  private static final int MAX_SECTIONS = 64;
  private static final int MAX_RECOVERED_CPUS = 4096;
  private static final int COMMON_PAGE = 4096;
  private static final byte[] V6_OPTIONS = "options  \0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V6_RECORDS = "flyrecord\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] V6_TEXT = "latency  \0".getBytes(StandardCharsets.US_ASCII);

  /// @param offset of a section; 0 for none
  /// @param saidAt where the offset was read
  private record Reference(long offset, SourceLocation saidAt) {}

  private final InputCollector out;
  private final FormatSections formats;
  private final BinaryCursor file;
  private final @Nullable TraceDatRecords records;
  private final Set<Long> visited = new HashSet<>();
  private String compression = "none";
  private boolean sections7;
  private int options;
  private int sections;
  private long decompressedBytes;

  /// For the formats.
  TraceDatReader(ByteSource source, InputCollector out) {
    this(source, out, null);
  }

  /// @param records takes all but the formats; null if only they are wanted
  TraceDatReader(ByteSource source, InputCollector out, @Nullable TraceDatRecords records) {
    this.out = out;
    this.records = records;
    this.formats = new FormatSections(out);
    this.file = BinaryCursor.over(source, ByteOrder.LITTLE_ENDIAN);
  }

  /// Reads the metadata of the whole file.
  void read() throws IOException {
    String version = TracingHeader.read(file, out);
    switch (version) {
      case "6" -> version6();
      case "7" -> version7();
      default ->
          throw file.damaged(
              InputCode.VERSION_UNSUPPORTED,
              0,
              "expected a trace.dat of version 6 or 7 but found " + Printable.quote(version),
              "convert it with trace-cmd convert --file-version 7");
    }
  }

  private void version6() throws IOException {
    long cpus;
    try {
      formats.headers(file);
      formats.ftraceFormats(file);
      formats.eventFormats(file);
      table6(TraceDatRecords.SECTION_KALLSYMS, file.u32("the size of the kernel's symbols"));
      table6(TraceDatRecords.SECTION_PRINTK, file.u32("the size of the printk formats"));
      table6(TraceDatRecords.SECTION_CMDLINES, file.u64("the size of the command names"));
      cpus = file.u32("the number of CPUs");
    } catch (DamagedInput damage) {
      if (records == null || !file.skipTo(V6_OPTIONS, 4)) {
        throw damage;
      }
      // Why: the records are still there, where the words before them say.
      out.end(damage);
      cpus = file.u32("the number of CPUs");
    }
    if (records == null) {
      if (file.skipIf(V6_OPTIONS)) {
        options(file);
      }
      return;
    }
    block6(file, "", cpus, records);
    ClockScale scale = records.scale();
    long count = records.cpuCount();
    for (TraceDatRecords.Found instance : List.copyOf(records.found())) {
      if (instance.name().isEmpty()) {
        continue;
      }
      try {
        BinaryCursor block =
            file.slice("a buffer", instance.offset(), file.end() - instance.offset(), file.here());
        block6(block, instance.name(), cpus, records);
      } catch (DamagedInput damage) {
        // Why: the other buffers may be whole.
        records.end(damage);
      }
      records.scale(scale);
      records.cpuCount(count);
    }
  }

  /// A text of version 6 that has no section of its own.
  private void table6(int id, long size) throws IOException {
    String what = "section " + id;
    if (records == null || size < 0 || size > file.left()) {
      file.skip(what, size);
    } else {
      table(id, file.sliceNext(what, size), size, records);
    }
  }

  private void table(int id, BinaryCursor body, long size, TraceDatRecords into)
      throws IOException {
    if (size > into.maxTableBytes()) {
      into.end(
          body.damaged(
              InputCode.INPUT_TOO_LARGE,
              "section "
                  + id
                  + " has "
                  + size
                  + " bytes; at most "
                  + into.maxTableBytes()
                  + " are allowed"));
    } else {
      into.table(id, body.bytes("section " + id, size, into.maxTableBytes()));
    }
  }

  /// The options and the table of one buffer of version 6.
  private void block6(BinaryCursor at, String instance, long cpus, TraceDatRecords into)
      throws IOException {
    if (at.skipIf(V6_OPTIONS)) {
      options(at);
    }
    if (at.skipIf(V6_RECORDS)) {
      into.table(at, instance, cpus);
    } else if (at.skipIf(V6_TEXT)) {
      into.add(new TraceDat.Buffer(instance, "", 0, false, true, into.scale(), List.of()));
    } else {
      throw at.damaged(
          at.left() < V6_RECORDS.length ? InputCode.INPUT_TRUNCATED : InputCode.VALUE_INVALID,
          "expected the word flyrecord or latency");
    }
  }

  private void version7() throws IOException {
    sections7 = true;
    compression = file.cString("the compression's name", MAX_WORD);
    file.cString("the compression's version", MAX_WORD);
    Reference first = reference(file, "the offset of the options");
    if (records == null) {
      chain7(first);
      return;
    }
    long sections = file.position();
    try {
      chain7(first);
    } catch (DamagedInput damage) {
      out.end(damage);
    }
    buffers7(records, 0);
    if (!records.hasBuffers()) {
      walk7(sections, records);
    }
  }

  /// Looks at all sections, one after the other, for what no option told.
  private void walk7(long start, TraceDatRecords into) throws IOException {
    int named = into.found().size();
    long at = start;
    try {
      for (int i = 0; i < MAX_SECTIONS && at <= file.end() - SECTION_HEAD_BYTES; i++) {
        BinaryCursor head = file.slice("a section", at, SECTION_HEAD_BYTES, file.here());
        int id = head.u16("the id of a section");
        boolean compressed = isCompressed(head);
        head.skip("the description of a section", 4);
        long size = head.u64("the size of a section");
        long end = at + SECTION_HEAD_BYTES + size;
        if (size < 0 || end < 0) {
          return;
        }
        section7(new Reference(at, file.here()), id, compressed, Math.min(end, file.end()), into);
        at = end;
      }
    } finally {
      buffers7(into, named);
    }
  }

  private void section7(Reference place, int id, boolean compressed, long end, TraceDatRecords into)
      throws IOException {
    try {
      switch (id) {
        case SECTION_OPTIONS -> {
          if (visited.add(place.offset)) {
            options(section(place, id));
          }
        }
        case TraceDatRecords.OPTION_BUFFER ->
            into.recovered(
                new TraceDatRecovery(file, out.pageSizeOr(COMMON_PAGE), MAX_RECOVERED_CPUS)
                    .cpus(place.offset + SECTION_HEAD_BYTES, end, compressed),
                compressed,
                file.place(place.offset));
        case SECTION_HEADERS,
            SECTION_FTRACE_FORMATS,
            SECTION_EVENT_FORMATS,
            TraceDatRecords.SECTION_KALLSYMS,
            TraceDatRecords.SECTION_PRINTK,
            TraceDatRecords.SECTION_CMDLINES -> {
          if (visited.add(place.offset)) {
            body(id, section(place, id));
          }
        }
        default -> {}
      }
    } catch (DamagedInput damage) {
      // Why: the other sections may be whole.
      into.end(damage);
    }
  }

  private void chain7(Reference first) throws IOException {
    Reference next = first;
    while (next.offset != 0) {
      if (!visited.add(next.offset)) {
        throw file.damaged(
            InputCode.SECTION_LOOPS,
            "the chain of options comes back to offset " + Long.toUnsignedString(next.offset));
      }
      next = options(section(next, SECTION_OPTIONS));
    }
  }

  private void buffers7(TraceDatRecords into, int from) throws IOException {
    into.compression(compression);
    List<TraceDatRecords.Found> named = into.found();
    for (TraceDatRecords.Found found : named.subList(from, named.size())) {
      boolean compressed = !compression.equals("none");
      try {
        compressed =
            isCompressed(
                sectionHead(
                    new Reference(found.offset(), file.here()),
                    found.text()
                        ? TraceDatRecords.OPTION_BUFFER_TEXT
                        : TraceDatRecords.OPTION_BUFFER));
      } catch (DamagedInput damage) {
        // Why: trace-cmd compresses all buffers or none.
        into.end(damage);
      }
      into.add(
          new TraceDat.Buffer(
              found.name(),
              found.clock(),
              found.pageSize(),
              compressed,
              found.text(),
              into.scale(),
              found.cpus()));
    }
  }

  /// The options up to the one that says that there are no more, and the sections that they name.
  ///
  /// @return where the next options are; nowhere in version 6
  private Reference options(BinaryCursor cursor) throws IOException {
    while (true) {
      if (++options > out.limits().maxEntries()) {
        throw cursor.damaged(
            InputCode.ENTRIES_TOO_MANY, "more than " + out.limits().maxEntries() + " options");
      }
      int id = cursor.u16("the end of the options");
      // Why: in version 6 nothing follows the id that ends the options.
      if (id == OPTION_DONE && !sections7) {
        return new Reference(0, cursor.here());
      }
      long size = cursor.u32("the size of option " + id);
      BinaryCursor data = cursor.sliceNext("option " + id, size);
      switch (id) {
        case OPTION_DONE -> {
          return size < 8
              ? new Reference(0, data.here())
              : reference(data, "the offset of the next options");
        }
        case OPTION_UNAME -> {
          SourceLocation where = data.here();
          UnameText.tellUname(data.text("the uname option", size, UnameText.MAX_BYTES), out, where);
        }
        case SECTION_HEADERS, SECTION_FTRACE_FORMATS, SECTION_EVENT_FORMATS -> follow(data, id);
        default -> {
          if (records != null) {
            recordOption(id, data, size, records);
          }
        }
      }
    }
  }

  private void recordOption(int id, BinaryCursor data, long size, TraceDatRecords into)
      throws IOException {
    if (TraceDatRecords.isTable(id)) {
      follow(data, id);
      return;
    }
    try {
      into.option(id, data, size, sections7);
    } catch (DamagedInput damage) {
      // Why: the other options may be whole.
      into.end(damage);
    }
  }

  private void follow(BinaryCursor data, int id) throws IOException {
    try {
      Reference place = reference(data, "the offset of section " + id);
      // Why: sections that overlap each other would make a small file take for ever.
      if (++sections > MAX_SECTIONS) {
        throw data.damaged(
            InputCode.ENTRIES_TOO_MANY, "more than " + MAX_SECTIONS + " sections with formats");
      }
      if (!visited.add(place.offset)) {
        return;
      }
      BinaryCursor body = section(place, id);
      body(id, body);
    } catch (DamagedInput damage) {
      // Why: the other sections may be whole.
      out.end(damage);
    }
  }

  private void body(int id, BinaryCursor body) throws IOException {
    switch (id) {
      case SECTION_HEADERS -> formats.headers(body);
      case SECTION_FTRACE_FORMATS -> formats.ftraceFormats(body);
      case SECTION_EVENT_FORMATS -> formats.eventFormats(body);
      default -> {
        if (records != null) {
          long size =
              id == TraceDatRecords.SECTION_CMDLINES
                  ? body.u64("the size of section " + id)
                  : body.u32("the size of section " + id);
          table(id, body.sliceNext("section " + id, size), size, records);
        }
      }
    }
  }

  private static Reference reference(BinaryCursor cursor, String what) throws IOException {
    SourceLocation saidAt = cursor.here();
    return new Reference(cursor.u64(what), saidAt);
  }

  /// The body of a section, decompressed.
  private BinaryCursor section(Reference place, int expected) throws IOException {
    BinaryCursor head = sectionHead(place, expected);
    boolean compressed = isCompressed(head);
    head.skip("the description of a section", 4);
    SourceLocation sizeAt = head.here();
    long size = head.u64("the size of a section");
    BinaryCursor body =
        file.slice("section " + expected, place.offset + SECTION_HEAD_BYTES, size, sizeAt);
    return compressed ? decompressed(body, expected) : body;
  }

  /// Where a section's flags are.
  private BinaryCursor sectionHead(Reference place, int expected) throws IOException {
    BinaryCursor head =
        file.slice(
            "the head of section " + expected, place.offset, SECTION_HEAD_BYTES, place.saidAt);
    int id = head.u16("the id of a section");
    if (id != expected) {
      throw head.damaged(
          InputCode.VALUE_INVALID,
          place.offset,
          "expected section " + expected + " but found section " + id,
          "");
    }
    return head;
  }

  private static boolean isCompressed(BinaryCursor head) throws IOException {
    return (head.u16("the flags of a section") & 1) != 0;
  }

  /// The body's one block: compressed size, size, bytes.
  private BinaryCursor decompressed(BinaryCursor body, int id) throws IOException {
    Compression kind =
        switch (compression) {
          case "zstd" -> Compression.ZSTD;
          case "zlib" -> Compression.ZLIB;
          default ->
              throw body.damaged(
                  InputCode.COMPRESSION_UNSUPPORTED,
                  "expected zstd or zlib but the file is compressed with "
                      + Printable.quote(compression));
        };
    SourceLocation origin = body.here();
    long compressedSize = body.u32("the compressed size of section " + id);
    long size = body.u32("the size of section " + id);
    if (size > out.limits().maxTotalFormatBytes()) {
      throw body.damaged(
          InputCode.DECOMPRESSED_TOO_LARGE,
          "section "
              + id
              + " has "
              + size
              + " bytes; at most "
              + out.limits().maxTotalFormatBytes()
              + " are allowed");
    }
    decompressedBytes += size;
    if (decompressedBytes > out.limits().maxDecompressedBytes()) {
      throw body.damaged(
          InputCode.DECOMPRESSED_TOO_LARGE,
          "the sections have more than "
              + out.limits().maxDecompressedBytes()
              + " bytes together when decompressed");
    }
    BinaryCursor block = body.sliceNext("the compressed section " + id, compressedSize);
    CountedStream counted = new CountedStream(block.stream(), out.name(), block.position());
    try (DecompressedStream stream = new DecompressedStream(counted, kind, size, out.limits())) {
      byte[] bytes = stream.readNBytes((int) size);
      if (bytes.length < size || stream.read() >= 0) {
        throw new DamagedInput(
            InputCode.COMPRESSION_DAMAGED,
            origin,
            "section " + id + " is not of the " + size + " bytes that its head says",
            "");
      }
      return BinaryCursor.over(new ByteSource.OfArray(bytes, origin), file.order());
    }
  }
}
