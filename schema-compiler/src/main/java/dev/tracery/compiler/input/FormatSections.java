package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/// The pieces that `trace.dat` of both versions and `perf.data` share: the ring buffer's headers,
/// the formats of the system `ftrace`, and those of all other systems (trace-cmd.dat.v6(5),
/// trace-cmd.dat.v7(5); perf's util/trace-event-info.c writes the same).
final class FormatSections {

  private static final byte[] NAME = "name:".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEADER_PAGE = "header_page\0".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] HEADER_EVENT = "header_event\0".getBytes(StandardCharsets.US_ASCII);
  private static final int MAX_SYSTEM = 4096;

  private final InputCollector out;

  FormatSections(InputCollector out) {
    this.out = out;
  }

  /// `header_page` and `header_event`.
  void headers(BinaryCursor cursor) throws IOException {
    expect(cursor, HEADER_PAGE);
    long size = cursor.u64("the size of header_page");
    SourceLocation where = cursor.here();
    // Why: perf writes an empty header_page if it cannot read tracefs's.
    byte[] page = cursor.bytes("header_page", size, HeaderPage.MAX_BYTES);
    HeaderPage.parse(page).tell(out, where);
    expect(cursor, HEADER_EVENT);
    cursor.skip("header_event", cursor.u64("the size of header_event"));
  }

  /// Formats of the system `ftrace`, which the file does not name.
  void ftraceFormats(BinaryCursor cursor) throws IOException {
    formats(cursor, "ftrace", cursor.u32("the number of ftrace formats"));
  }

  /// Systems, each with its formats.
  void eventFormats(BinaryCursor cursor) throws IOException {
    long systems = cursor.u32("the number of systems");
    for (long i = 0; i < systems; i++) {
      String system = cursor.cString("the name of a system", MAX_SYSTEM);
      formats(cursor, system, cursor.u32("the number of formats of " + Printable.quote(system)));
    }
  }

  private void formats(BinaryCursor cursor, String system, long count) throws IOException {
    String what = "a format of " + Printable.quote(system);
    for (long i = 0; i < count; i++) {
      long size = cursor.u64("the size of " + what);
      SourceLocation where = cursor.here();
      if (size < 0 || size > cursor.left() || !out.admits(what, size, where)) {
        cursor.skip(what, size);
        continue;
      }
      byte[] text = cursor.bytes(what, size, (int) size);
      out.hold(text.length);
      String event = nameLine(text);
      if (event.isEmpty()) {
        out.report(
            InputCode.EVENT_NAME_MISSING,
            where,
            what + ": expected a first line name: EVENT",
            "the file is damaged");
      } else {
        out.add(system, event, text, where);
      }
    }
  }

  /// What the `name:` line says, which is the first; empty if the text does not begin with one.
  private static String nameLine(byte[] text) {
    for (int i = 0; i < NAME.length; i++) {
      if (i >= text.length || text[i] != NAME[i]) {
        return "";
      }
    }
    int end = NAME.length;
    while (end < text.length && text[end] != '\n') {
      end++;
    }
    String name = new String(text, NAME.length, end - NAME.length, StandardCharsets.ISO_8859_1);
    return name.startsWith(" ") ? name.substring(1) : name;
  }

  private static void expect(BinaryCursor cursor, byte[] expected) throws IOException {
    String word = new String(expected, 0, expected.length - 1, StandardCharsets.US_ASCII);
    if (!cursor.skipIf(expected)) {
      if (cursor.left() < expected.length) {
        throw cursor.damaged(InputCode.INPUT_TRUNCATED, "ends where " + word + " must follow");
      }
      throw cursor.damaged(
          InputCode.VALUE_INVALID, "expected the word " + word + " but found other bytes");
    }
  }
}
