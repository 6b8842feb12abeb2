package dev.tracery.it;

import dev.tracery.model.EventName;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Recorded sched_switch of a sample, for the clients' example, and what the example must print of
/// them: made from the text that trace-cmd, or the kernel itself, printed.
///
/// @param records as the example reads them: each after its length
/// @param printed a line for each
record SwitchRecords(Path records, List<String> printed) {

  private static final EventName SWITCH = EventName.parse("sched/sched_switch");
  private static final int MOST = 400;

  private static final Pattern PRINTED =
      Pattern.compile(
          " sched_switch: +prev_comm=(.*) prev_pid=(\\d+) prev_prio=-?\\d+ prev_state=(\\S+?)\\+?"
              + " ==> next_comm=(.*) next_pid=(\\d+) next_prio=-?\\d+$",
          Pattern.MULTILINE);

  /// Writes the first records of a sample into `folder`.
  static SwitchRecords of(SampleKernel kernel, Path folder) throws IOException {
    Path traces = SampleKernel.SAMPLES.resolve(kernel.id()).resolve("traces");
    Path file = folder.resolve("switches.records");
    List<String> printed;
    if (Files.exists(traces.resolve("dyn.dat.zst"))) {
      try (Trace trace = Traces.open(traces.resolve("dyn.dat.zst"), TraceLimits.DEFAULT)) {
        write(kernel, trace, file);
      }
      printed = printed(text(traces.resolve("dyn.report-noplugins.txt.zst")));
    } else {
      Path pages = Files.createDirectory(folder.resolve("pages"));
      RawRecords.read(kernel, "rawsched", pages);
      try (Trace trace =
          Traces.openPages(pages, SampleKernel.tar(kernel.id()), TraceLimits.DEFAULT)) {
        write(kernel, trace, file);
      }
      printed = printed(Files.readString(pages.resolve("trace.txt")));
    }
    return new SwitchRecords(file, printed);
  }

  private static void write(SampleKernel kernel, Trace trace, Path file) throws IOException {
    int id = FormatText.id(Objects.requireNonNull(kernel.formats().get(SWITCH)));
    RecordFilter filter = new RecordFilter(i -> i == id, _ -> true, Long.MIN_VALUE, Long.MAX_VALUE);
    try (RecordCursor cursor = trace.records(filter);
        OutputStream out = Files.newOutputStream(file)) {
      for (int n = 0; n < MOST && cursor.advance(); n++) {
        out.write(
            ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(cursor.length()).array());
        out.write(cursor.bytes(), cursor.offset(), cursor.length());
      }
    }
  }

  /// `swapper/0:0 [R] ==> kworker/0:1:23`.
  private static List<String> printed(String text) {
    List<String> lines = new ArrayList<>();
    Matcher line = PRINTED.matcher(text);
    while (lines.size() < MOST && line.find()) {
      lines.add(
          "%s:%s [%s] ==> %s:%s"
              .formatted(
                  line.group(1), line.group(2), line.group(3), line.group(4), line.group(5)));
    }
    return lines;
  }

  /// A text of the samples.
  static String text(Path file) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
