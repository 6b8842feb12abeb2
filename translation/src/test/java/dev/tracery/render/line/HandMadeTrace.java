package dev.tracery.render.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.render.KernelTables;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// A `trace.dat` of version 6 with events of the system `ftrace` and of one other, whose records
/// are written by hand (trace-cmd.dat.v6(5)). Records are a microsecond apart, on one CPU.
final class HandMadeTrace {

  static final int FIRST_OWN = 1000;

  private static final int PAGE = 4096;
  private static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      """;

  private final Target target;
  private final List<String> ftrace = new ArrayList<>();
  private final List<String> own = new ArrayList<>();
  private final List<byte[]> records = new ArrayList<>();
  private String symbols = "";
  private String strings = "";
  private String system = "own";

  HandMadeTrace(Target target) {
    this.target = target;
  }

  int wordSize() {
    return target.wordSize().bytes();
  }

  /// An event of the system `ftrace`: the lines of its own fields as `TYPE NAME OFFSET SIZE
  /// SIGNED`, and the print format.
  HandMadeTrace ftrace(int id, String name, String fields, String printFormat) {
    ftrace.add(format(id, name, fields, printFormat));
    return this;
  }

  /// The same of another system.
  HandMadeTrace own(String system, int id, String name, String fields, String printFormat) {
    this.system = system;
    own.add(format(id, name, fields, printFormat));
    return this;
  }

  private static String format(int id, String name, String fields, String printFormat) {
    StringBuilder text = new StringBuilder("name: " + name + "\nID: " + id + "\nformat:\n");
    text.append(COMMON);
    for (String field : fields.lines().toList()) {
      String[] parts =
          field.strip().split(" (?=-?\\d+ \\d+ \\d$)|(?<= \\d{1,3}) (?=\\d+ \\d$)| (?=\\d$)");
      text.append("\tfield:%s;\toffset:%s;\tsize:%s;\tsigned:%s;\n".formatted((Object[]) parts));
    }
    return text + "\nprint fmt: " + printFormat + "\n";
  }

  /// The lines of `kallsyms` and of `printk_formats`.
  HandMadeTrace tables(String symbols, String strings) {
    this.symbols = symbols;
    this.strings = strings;
    return this;
  }

  HandMadeTrace record(byte[] record) {
    records.add(record);
    return this;
  }

  /// Room for a record's bytes, with its type and pid.
  ByteBuffer bytes(int type) {
    return buffer(2048).putShort((short) type).putShort((short) 0).putInt(1);
  }

  /// What was put into the room.
  static byte[] done(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.position() + 3 & ~3];
    buffer.get(0, bytes, 0, buffer.position());
    return bytes;
  }

  ByteBuffer word(ByteBuffer to, long value) {
    return wordSize() == 8 ? to.putLong(value) : to.putInt((int) value);
  }

  ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size)
        .order(
            target.byteOrder() == ByteOrder.BIG_ENDIAN
                ? java.nio.ByteOrder.BIG_ENDIAN
                : java.nio.ByteOrder.LITTLE_ENDIAN);
  }

  /// Writes the file.
  Path write(Path file) throws IOException {
    boolean big = target.byteOrder() == ByteOrder.BIG_ENDIAN;
    int data = 8 + wordSize();
    String page =
        """
        \tfield: u64 timestamp;\toffset:0;\tsize:8;\tsigned:0;
        \tfield: local_t commit;\toffset:8;\tsize:%d;\tsigned:1;
        \tfield: int overwrite;\toffset:8;\tsize:1;\tsigned:1;
        \tfield: char data;\toffset:%d;\tsize:%d;\tsigned:1;
        """
            .formatted(wordSize(), data, PAGE - data);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x17, 0x08, 0x44});
    text(out, "tracing6\0");
    out.writeBytes(new byte[] {(byte) (big ? 1 : 0), (byte) wordSize()});
    number(out, PAGE);
    text(out, "header_page\0");
    sized(out, page);
    text(out, "header_event\0");
    sized(out, "# compressed entry header\n\ttype_len    :    5 bits\n");
    number(out, ftrace.size());
    ftrace.forEach(format -> sized(out, format));
    number(out, own.isEmpty() ? 0 : 1);
    if (!own.isEmpty()) {
      text(out, system + "\0");
      number(out, own.size());
      own.forEach(format -> sized(out, format));
    }
    for (String table : List.of(symbols, strings)) {
      number(out, table.length());
      text(out, table);
    }
    sized(out, "1 init\n");
    number(out, 1);
    text(out, "options  \0");
    out.writeBytes(new byte[2]);
    text(out, "flyrecord\0");
    byte[] pages = pages(data);
    int start = out.size() + 16 + PAGE - 1 & -PAGE;
    out.writeBytes(buffer(16).putLong(start).putLong(pages.length).array());
    out.writeBytes(new byte[start - out.size()]);
    out.writeBytes(pages);
    return Files.write(file, out.toByteArray());
  }

  private byte[] pages(int data) {
    ByteArrayOutputStream pages = new ByteArrayOutputStream();
    long time = 5_000_000_000L;
    ByteBuffer page = buffer(PAGE).putLong(0, time).position(data);
    for (byte[] record : records) {
      time += 1000;
      boolean full = page.position() + 8 + record.length > PAGE;
      if (full) {
        finish(page, data, pages);
        page = buffer(PAGE).putLong(0, time).position(data);
      }
      word(page, 0, full ? 0 : 1000);
      page.putInt(record.length + 4).put(record);
    }
    finish(page, data, pages);
    return pages.toByteArray();
  }

  private void finish(ByteBuffer page, int data, ByteArrayOutputStream pages) {
    int committed = page.position() - data;
    word(page.position(8), committed);
    pages.writeBytes(page.array());
  }

  private void word(ByteBuffer page, int type, int delta) {
    page.putInt(
        target.byteOrder() == ByteOrder.BIG_ENDIAN ? type << 27 | delta : delta << 5 | type);
  }

  private static void text(ByteArrayOutputStream out, String text) {
    out.writeBytes(text.getBytes(ISO_8859_1));
  }

  private void number(ByteArrayOutputStream out, int number) {
    out.writeBytes(buffer(4).putInt(number).array());
  }

  private void sized(ByteArrayOutputStream out, String text) {
    out.writeBytes(buffer(8).putLong(text.length()).array());
    text(out, text);
  }

  /// Our lines of a file, without heads.
  static List<String> ours(Path file, LineOptions options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT);
        RecordCursor records = trace.records(RecordFilter.ALL)) {
      new TraceText(
              trace.content(),
              EventTypes.interpreted(trace.content()),
              KernelTables.of(trace.content()),
              options)
          .write(records, out);
    }
    return bodies(out.toByteArray());
  }

  /// The same of `trace-cmd report`.
  ///
  /// @return empty where it is not installed
  static List<String> theirs(Path file) throws IOException {
    if (!Files.isExecutable(Path.of("/usr/bin/trace-cmd"))) {
      return List.of();
    }
    Process process =
        new ProcessBuilder("/usr/bin/trace-cmd", "report", "-N", "-i", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    return bodies(process.getInputStream().readAllBytes());
  }

  /// What stands behind heads. A record's lines are one string.
  private static List<String> bodies(byte[] text) {
    return TextLine.of(RecordedKernel.lines(text)).stream()
        .filter(line -> line.head().contains("init"))
        .map(line -> (line.event().isEmpty() ? "" : line.event() + ":") + line.text())
        .toList();
  }
}
