package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// Puts together what a `trace.dat` says of its records: its buffers, clocks and tables. One file,
/// one thread.
final class TraceDatRecords {

  static final int OPTION_DATE = 1;
  static final int OPTION_BUFFER = 3;
  static final int OPTION_TRACECLOCK = 4;
  static final int OPTION_OFFSET = 7;
  static final int OPTION_CPUCOUNT = 8;
  static final int OPTION_TSC2NSEC = 14;
  static final int SECTION_KALLSYMS = 19;
  static final int SECTION_PRINTK = 20;
  static final int SECTION_CMDLINES = 21;
  static final int OPTION_BUFFER_TEXT = 22;

  private static final int MAX_NAME = 4096;
  private static final int MAX_NUMBER = 64;
  private static final int CPU_BYTES = 20;

  /// A buffer before its section is known.
  ///
  /// @param offset of its section, or in version 6 of its block
  record Found(
      String name,
      long offset,
      String clock,
      int pageSize,
      boolean text,
      List<TraceDat.CpuData> cpus) {}

  private final TraceDat.Limits limits;
  private final List<Diagnostic> diagnostics = new ArrayList<>();
  private final List<Found> found = new ArrayList<>();
  private final List<TraceDat.Buffer> buffers = new ArrayList<>();
  private byte[] symbols = {};
  private byte[] printkFormats = {};
  private byte[] commandNames = {};
  private String compression = "none";
  private ClockScale scale = ClockScale.NONE;
  private boolean hasClock;
  private long cpuCount = -1;
  private int cpus;

  TraceDatRecords(TraceDat.Limits limits) {
    this.limits = limits;
  }

  static boolean isTable(int id) {
    return id >= SECTION_KALLSYMS && id <= SECTION_CMDLINES;
  }

  /// Takes an option that says something of the records; no other does anything.
  void option(int id, BinaryCursor data, long size, boolean sections) throws IOException {
    switch (id) {
      case OPTION_DATE -> addOffset(number(data, size) * 1000);
      case OPTION_OFFSET -> addOffset(number(data, size));
      case OPTION_TSC2NSEC -> {
        long multiplier = data.u32("the multiplier of the clock");
        long shift = data.u32("the shift of the clock");
        if (shift > 32) {
          throw data.damaged(
              InputCode.VALUE_INVALID,
              "the shift of the clock: expected at most 32 but found " + shift);
        }
        scale = new ClockScale(multiplier, (int) shift, scale.offset());
      }
      case OPTION_TRACECLOCK -> hasClock = true;
      case OPTION_CPUCOUNT -> cpuCount = data.u32("the number of CPUs");
      case OPTION_BUFFER -> buffer(data, sections);
      case OPTION_BUFFER_TEXT -> {
        long offset = data.u64("the offset of a text");
        add(
            new Found(
                data.cString("the name of an instance", MAX_NAME), offset, "", 0, true, List.of()),
            data);
      }
      default -> {}
    }
  }

  /// As `strtoll` with base 0 reads it.
  private static long number(BinaryCursor data, long size) throws IOException {
    String text = data.text("a time", size, MAX_NUMBER);
    try {
      return Long.decode(text);
    } catch (NumberFormatException _) {
      throw data.damaged(
          InputCode.VALUE_INVALID,
          "a time: expected a whole number but found " + Printable.quote(text));
    }
  }

  private void addOffset(long nanoseconds) {
    scale = new ClockScale(scale.multiplier(), scale.shift(), scale.offset() + nanoseconds);
  }

  private void buffer(BinaryCursor data, boolean sections) throws IOException {
    long offset = data.u64("the offset of a buffer");
    String instance = data.cString("the name of an instance", MAX_NAME);
    if (!sections) {
      add(new Found(instance, offset, "", 0, false, List.of()), data);
      return;
    }
    String clock = data.cString("the clock of a buffer", MAX_NAME);
    long pageSize = data.u32("the page size of a buffer");
    long count;
    if (data.left() == pageSize * CPU_BYTES) {
      // Why: trace-cmd 3.0 did not write the page size.
      count = pageSize;
      pageSize = 0;
    } else {
      count = data.u32("the number of CPUs of a buffer");
    }
    if (pageSize != 0 && !HeaderPage.isPageSize(pageSize)) {
      diagnostics.add(
          InputCode.VALUE_INVALID.at(
              data.here(),
              "the page size of a buffer: expected a power of two from 4096 to 1048576 but found "
                  + pageSize,
              ""));
      pageSize = 0;
    }
    List<TraceDat.CpuData> list = new ArrayList<>();
    try {
      countCpus(count, data);
      for (long i = 0; i < count; i++) {
        long cpu = data.u32("the number of a CPU");
        long at = data.u64("the offset of a CPU's records");
        long size = data.u64("the size of a CPU's records");
        if (cpu > Integer.MAX_VALUE) {
          throw data.damaged(InputCode.VALUE_INVALID, "there is no CPU " + cpu);
        }
        list.add(new TraceDat.CpuData((int) cpu, at, size));
      }
    } catch (DamagedInput damage) {
      // Why: the CPUs before the damage may be whole.
      end(damage);
    }
    add(new Found(instance, offset, clock, (int) pageSize, false, list), data);
  }

  private void countCpus(long count, BinaryCursor data) throws DamagedInput {
    if (count > limits.maxCpus() - cpus) {
      throw data.damaged(
          InputCode.ENTRIES_TOO_MANY,
          "more than " + limits.maxCpus() + " CPUs; the file says " + count);
    }
    cpus += (int) count;
  }

  private void add(Found buffer, BinaryCursor data) throws DamagedInput {
    if (found.size() >= limits.maxBuffers()) {
      throw data.damaged(
          InputCode.ENTRIES_TOO_MANY, "more than " + limits.maxBuffers() + " buffers");
    }
    found.add(buffer);
  }

  /// The table of version 6, behind `flyrecord`, of one buffer.
  ///
  /// @param count of CPUs, if no option says other
  void table(BinaryCursor at, String instance, long count) throws IOException {
    List<TraceDat.CpuData> list = new ArrayList<>();
    String clock = "";
    try {
      long number = cpuCount >= 0 ? cpuCount : count;
      countCpus(number, at);
      for (int cpu = 0; cpu < number; cpu++) {
        long offset = at.u64("the offset of a CPU's records");
        list.add(new TraceDat.CpuData(cpu, offset, at.u64("the size of a CPU's records")));
      }
      if (hasClock && instance.isEmpty()) {
        clock = selected(at.text("the clock", at.u64("the size of the clock"), MAX_NAME));
      }
    } catch (DamagedInput damage) {
      end(damage);
    }
    buffers.add(new TraceDat.Buffer(instance, clock, 0, false, false, scale, list));
  }

  /// The one in brackets.
  private static String selected(String clocks) {
    int open = clocks.indexOf('[');
    int close = clocks.indexOf(']', open + 1);
    return open < 0 || close < 0 ? "" : clocks.substring(open + 1, close);
  }

  void add(TraceDat.Buffer buffer) {
    buffers.add(buffer);
  }

  /// Takes a buffer that no option named.
  void recovered(List<TraceDat.CpuData> found, boolean compressed, SourceLocation where) {
    if (found.isEmpty()) {
      return;
    }
    diagnostics.add(
        InputCode.RECORDS_RECOVERED.at(
            where,
            "the options do not say where the records are; those of "
                + found.size()
                + " CPUs are found here, numbered as they come",
            "the file was cut, or is damaged"));
    buffers.add(new TraceDat.Buffer("", "", 0, compressed, false, scale, found));
  }

  /// Whether it is known where any records are, or that there are none but text.
  boolean hasBuffers() {
    return buffers.stream().anyMatch(buffer -> buffer.text() || !buffer.cpus().isEmpty());
  }

  /// The buffers that options named, in the file's order.
  List<Found> found() {
    return found;
  }

  ClockScale scale() {
    return scale;
  }

  /// Goes back to what held before a block of an instance's own options.
  void scale(ClockScale earlier) {
    scale = earlier;
  }

  /// How many CPUs an option says that there are; -1 for none.
  long cpuCount() {
    return cpuCount;
  }

  void cpuCount(long count) {
    cpuCount = count;
  }

  void compression(String algorithm) {
    compression = algorithm;
  }

  int maxTableBytes() {
    return limits.maxTableBytes();
  }

  /// Takes one of the tables.
  void table(int section, byte[] bytes) {
    switch (section) {
      case SECTION_KALLSYMS -> symbols = bytes;
      case SECTION_PRINTK -> printkFormats = bytes;
      case SECTION_CMDLINES -> commandNames = bytes;
      default -> throw new IllegalArgumentException("no table: " + section);
    }
  }

  /// Notes what ended the reading of a part.
  void end(DamagedInput damage) {
    if (diagnostics.size() < limits.input().maxProblems()) {
      diagnostics.add(damage.diagnostic());
    }
  }

  TraceDat finish(KernelInput kernel) {
    List<TraceDat.Buffer> ordered = new ArrayList<>();
    buffers.stream().filter(buffer -> buffer.name().isEmpty()).forEach(ordered::add);
    buffers.stream().filter(buffer -> !buffer.name().isEmpty()).forEach(ordered::add);
    return new TraceDat(
        kernel, compression, symbols, printkFormats, commandNames, ordered, diagnostics);
  }
}
