package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.ByteOrder;
import dev.tracery.translate.EventType;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FreshSchemas;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class PerfTraceTest {

  static final List<String> KERNELS = PerfSamples.KERNELS;

  static final Comparator<PerfScriptLine> BY_TIME =
      Comparator.comparingLong(PerfScriptLine::microseconds).thenComparingInt(PerfScriptLine::cpu);

  @TempDir Path folder;

  private PerfTrace open(byte[] data) throws IOException {
    return open(data, "perf.data");
  }

  private PerfTrace open(byte[] data, String name) throws IOException {
    Path file = Files.write(folder.resolve(name), data);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return PerfTrace.open(channel, name, TraceLimits.DEFAULT);
    }
  }

  private static EventTypes types(Trace trace) {
    return new EventTypes(
        trace.content(), new FreshSchemas(), (plan, _) -> new PlanInterpreter(plan));
  }

  private static List<PerfScriptLine> lines(Trace trace) throws IOException {
    return lines(trace, RecordFilter.ALL);
  }

  private static List<PerfScriptLine> lines(Trace trace, RecordFilter filter) throws IOException {
    EventTypes types = types(trace);
    List<PerfScriptLine> lines = new ArrayList<>();
    try (RecordCursor cursor = trace.records(filter)) {
      while (cursor.advance()) {
        ByteBuffer record =
            ByteBuffer.wrap(cursor.bytes(), cursor.offset(), cursor.length())
                .slice()
                .order(
                    trace.content().target().byteOrder() == ByteOrder.BIG_ENDIAN
                        ? java.nio.ByteOrder.BIG_ENDIAN
                        : java.nio.ByteOrder.LITTLE_ENDIAN);
        EventType type = Objects.requireNonNull(types.byId(record.getShort(0)));
        byte[] comm = cursor.commandName();
        int pid = record.getInt(pid(type.layout()));
        lines.add(
            new PerfScriptLine(
                comm == null ? ":" + pid : new String(comm, StandardCharsets.UTF_8),
                pid,
                cursor.cpu(),
                cursor.timestamp() / 1000,
                type.name().toString(),
                ""));
      }
    }
    return lines;
  }

  private static int pid(Layout layout) {
    return layout.commonFields().stream()
        .filter(field -> field.name().equals("common_pid"))
        .mapToInt(Field::offset)
        .findFirst()
        .orElseThrow();
  }

  /// perf script prints what has one time in the order of the file, and not always in that of time.
  private static List<PerfScriptLine> sorted(List<PerfScriptLine> lines) {
    return lines.stream().sorted(BY_TIME).toList();
  }

  private static List<String> differences(
      List<PerfScriptLine> expected, List<PerfScriptLine> found) {
    List<String> differences = new ArrayList<>();
    if (expected.size() != found.size()) {
      differences.add(expected.size() + " lines are expected, " + found.size() + " are found");
    }
    for (int i = 0; i < Math.min(expected.size(), found.size()); i++) {
      if (!expected.get(i).equals(asSampled(found.get(i), expected.get(i).tid()))) {
        differences.add(i + ": " + expected.get(i) + " but found " + found.get(i));
      }
    }
    return differences;
  }

  /// A thread that is gone already has no id in its last samples, but still has one in the record.
  private static PerfScriptLine asSampled(PerfScriptLine found, int tid) {
    return tid == -1 && found.comm().equals(":" + found.tid())
        ? new PerfScriptLine(
            ":-1", -1, found.cpu(), found.microseconds(), found.event(), found.text())
        : found;
  }

  @ParameterizedTest
  @FieldSource("KERNELS")
  void every_sample_has_the_time_cpu_thread_name_and_event_that_perf_script_prints(String kernel)
      throws IOException {
    List<PerfScriptLine> expected =
        PerfSamples.script(kernel).stream().map(PerfScriptLine::withoutText).toList();
    try (PerfTrace trace = open(PerfSamples.data(kernel))) {
      assertEquals(List.of(), differences(sorted(expected), sorted(lines(trace))));
      assertEquals(List.of(), trace.problems().diagnostics());
      assertTrue(expected.size() > 10_000);
    }
  }

  @ParameterizedTest
  @FieldSource("KERNELS")
  void records_come_in_the_order_of_time_and_of_cpus_at_one_time(String kernel) throws IOException {
    try (PerfTrace trace = open(PerfSamples.data(kernel));
        RecordCursor cursor = trace.records(RecordFilter.ALL)) {
      long time = Long.MIN_VALUE;
      int cpu = 0;
      while (cursor.advance()) {
        assertTrue(time < cursor.timestamp() || time == cursor.timestamp() && cpu <= cursor.cpu());
        time = cursor.timestamp();
        cpu = cursor.cpu();
      }
      assertEquals(List.of(), trace.problems().diagnostics());
    }
  }

  @ParameterizedTest
  @FieldSource("KERNELS")
  void what_came_through_a_pipe_gives_the_same_records(String kernel) throws IOException {
    byte[] file = PerfSamples.data(kernel);
    try (PerfTrace trace = open(file);
        PerfTrace piped = open(PerfForms.pipe(file), "pipe.data")) {
      assertEquals(List.of(), differences(lines(trace), lines(piped)));
      assertEquals(List.of(), piped.problems().diagnostics());
      assertEquals(trace.content().kernel().events(), piped.content().kernel().events());
      assertEquals(
          trace.content().kernel().release().orElseThrow().value(),
          piped.content().kernel().release().orElseThrow().value());
    }
  }

  @ParameterizedTest
  @FieldSource("KERNELS")
  void what_was_recorded_with_compression_gives_the_same_records(String kernel) throws IOException {
    byte[] file = PerfSamples.data(kernel);
    try (PerfTrace trace = open(file);
        PerfTrace compressed = open(PerfForms.compressed(file, 1411), "compressed.data")) {
      assertEquals(List.of(), differences(lines(trace), lines(compressed)));
      assertEquals(List.of(), compressed.problems().diagnostics());
    }
  }

  @Test
  void damage_is_told_once_however_often_it_is_read() throws IOException {
    byte[] bytes = PerfSamples.data(KERNELS.getFirst());
    java.util.Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 1000, (byte) 0xee);
    try (PerfTrace trace = open(bytes)) {
      lines(trace, RecordFilter.ALL);
      TraceProblems.Mark once = trace.problems().mark();
      assertTrue(once.damagedBytes() >= 1000, once.toString());
      lines(trace, RecordFilter.ALL);
      assertEquals(once, trace.problems().mark());
    }
  }

  @Test
  void the_filter_picks_events_cpus_and_times() throws IOException {
    try (PerfTrace trace = open(PerfSamples.data(KERNELS.getFirst()))) {
      List<PerfScriptLine> all = lines(trace, RecordFilter.ALL);
      int wakeup = id(trace, "sched/sched_wakeup");
      long from = all.get(3000).microseconds() * 1000;
      long to = all.get(9000).microseconds() * 1000;
      List<PerfScriptLine> expected =
          all.stream()
              .filter(line -> line.event().equals("sched/sched_wakeup") && line.cpu() == 1)
              .filter(line -> line.microseconds() * 1000 >= from)
              .filter(line -> line.microseconds() * 1000 < to)
              .toList();
      assertTrue(expected.size() > 100);
      assertEquals(
          expected, lines(trace, new RecordFilter(id -> id == wakeup, cpu -> cpu == 1, from, to)));
    }
  }

  private static int id(PerfTrace trace, String event) {
    EventTypes types = types(trace);
    return IntStream.range(0, 2000)
        .filter(id -> {
          EventType type = types.byId(id);
          return type != null && type.name().toString().equals(event);
        })
        .findFirst()
        .orElseThrow();
  }
}
