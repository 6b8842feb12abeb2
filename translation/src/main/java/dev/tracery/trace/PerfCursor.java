package dev.tracery.trace;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Gives the samples of a `perf.data` in the order of time. perf writes round by round what each
/// CPU's buffer has: when a round is finished, everything up to the latest time of the round before
/// it is there (`OE_FLUSH__ROUND` in util/ordered-events.c of the kernel's tools/perf, Linux 6.1).
/// That is not quite so: in the sample of Linux 5.10 one comes a round too late, and perf script
/// prints it out of order. So one round more is waited for here.
final class PerfCursor implements RecordCursor {

  private static final int MISC_LOST_SAMPLES_BPF = 1 << 15;

  private final String file;
  private final PerfBytes bytes;
  private final PerfRecords records;
  private final PerfAttributes attributes;
  private final RecordFilter filter;
  private final TraceProblems problems;
  private final PerfQueue queue;
  private final PerfSample sample;
  private final PerfCommands commands = new PerfCommands();
  private final Map<Integer, Long> lost = new HashMap<>();
  private final byte[] record = new byte[1 << 16];

  private boolean begun;
  private boolean ended;
  private boolean toldRest;
  private boolean hasTime = true;
  private long latest = Long.MIN_VALUE;
  private long roundBefore = Long.MIN_VALUE;
  private long nextFlush = Long.MIN_VALUE;
  private long flush = Long.MIN_VALUE;
  private long given = Long.MIN_VALUE;
  private long late;
  private long unknownIds;
  private long lostInBuffers;
  private long lostSamples;
  private long lostBefore;

  PerfCursor(
      String file,
      PerfBytes bytes,
      PerfRecords records,
      PerfAttributes attributes,
      RecordFilter filter,
      TraceProblems problems,
      PerfQueue queue) {
    this.file = file;
    this.bytes = bytes;
    this.records = records;
    this.attributes = attributes;
    this.filter = filter;
    this.problems = problems;
    this.queue = queue;
    this.sample = new PerfSample(bytes);
  }

  @Override
  public boolean advance() throws IOException {
    try {
      while (true) {
        if (!queue.isEmpty() && (ended || queue.isFull() || queue.time() <= flush)) {
          long at = queue.offset();
          long time = queue.time();
          queue.remove();
          if (give(at, time)) {
            return true;
          }
        } else if (ended) {
          tellRest();
          return false;
        } else {
          read();
        }
      }
    } catch (InternalError fault) {
      // Why: this is what the JVM throws where a mapped file has become shorter.
      throw new IOException(file + " cannot be read: it changed while it was read", fault);
    }
  }

  /// Reads one record, and queues it if it has its place in time.
  private void read() {
    if (!records.advance()) {
      ended = true;
      begin();
      return;
    }
    long at = records.at();
    int type = records.type();
    switch (type) {
      case PerfRecords.HEADER_ATTR -> attributes.readRecord(at, records.size());
      case PerfRecords.FINISHED_ROUND -> {
        flush = Math.max(flush, nextFlush);
        nextFlush = roundBefore;
        roundBefore = latest;
      }
      case PerfRecords.SAMPLE -> readSample(at);
      case PerfRecords.COMM, PerfRecords.FORK, PerfRecords.LOST, PerfRecords.LOST_SAMPLES ->
          readOther(at, type);
      default -> {
        // Maps, switches, AUX areas, what perf tells of the machine: nothing here needs them.
      }
    }
  }

  private void begin() {
    if (begun) {
      return;
    }
    begun = true;
    hasTime = attributes.allHaveTime();
    if (attributes.areAmbiguous()) {
      tell(
          PerfCode.SAMPLES_AMBIGUOUS,
          "events have samples of different parts, and no id at one place says whose one is",
          "record with perf record --sample-identifier");
    }
    if (attributes.hasTracepointsWithoutRecords()) {
      tell(
          PerfCode.RAW_RECORDS_MISSING,
          "some tracepoints were recorded without the kernel's records",
          "record with perf record -R");
    } else if (!attributes.hasRecords()) {
      tell(
          PerfCode.TRACEPOINTS_MISSING,
          "no tracepoint was recorded",
          "record with perf record -e 'sched:*', for example");
    }
  }

  private void tell(PerfCode code, String message, String hint) {
    problems.add(code.at(file, 0, message, hint), 0);
  }

  private void readSample(long at) {
    begin();
    long end = records.recordEnd();
    PerfAttribute attribute = attributes.ofSample(at + PerfRecords.HEADER_BYTES, end);
    if (attribute == null) {
      unknownIds++;
      return;
    }
    if (!attribute.isRecord()) {
      return;
    }
    if (!sample.readSample(attribute, at + PerfRecords.HEADER_BYTES, end)) {
      records.distrustSize();
      problems.add(
          PerfCode.SAMPLE_DAMAGED.at(
              file, at, "a sample has not the parts that its attribute says", ""),
          records.position() - at);
      return;
    }
    enqueue(at);
  }

  private void readOther(long at, int type) {
    PerfAttribute attribute =
        attributes.ofOther(at + PerfRecords.HEADER_BYTES, records.recordEnd());
    if (attribute == null) {
      return;
    }
    sample.readOther(attribute, at + PerfRecords.HEADER_BYTES, records.recordEnd());
    // Why: perf makes records of what was there when it began; they have no time.
    if (sample.time == 0 || sample.time == -1) {
      takeOther(at, type, sample.cpu);
    } else {
      enqueue(at);
    }
  }

  private void enqueue(long at) {
    long time = hasTime ? sample.time : 0;
    if (!hasTime) {
      flush = 0;
    }
    latest = Math.max(latest, time);
    queue.add(time, hasTime ? sample.cpu : 0, at);
  }

  /// Makes a record that was queued the current one.
  ///
  /// @return false if it is none that is wanted
  private boolean give(long at, long time) {
    int type = bytes.s32(at);
    long end = at + bytes.u16(at + 6);
    long body = at + PerfRecords.HEADER_BYTES;
    if (type != PerfRecords.SAMPLE) {
      PerfAttribute attribute = attributes.ofOther(body, end);
      if (attribute != null) {
        sample.readOther(attribute, body, end);
        takeOther(at, type, sample.cpu);
      }
      return false;
    }
    PerfAttribute attribute = attributes.ofSample(body, end);
    if (attribute == null || !sample.readSample(attribute, body, end)) {
      return false;
    }
    if (time < given) {
      late++;
    }
    given = Math.max(given, time);
    Long before = lost.isEmpty() ? null : lost.remove(sample.cpu);
    long waiting = before == null ? 0 : before;
    if (!isWanted()) {
      if (waiting != 0) {
        lost.put(sample.cpu, waiting);
      }
      return false;
    }
    lostBefore = waiting;
    bytes.copy(sample.rawAt, record, sample.rawLength);
    return true;
  }

  private boolean isWanted() {
    return sample.time >= filter.from()
        && sample.time < filter.to()
        && filter.cpus().test(sample.cpu)
        && filter.events().test(sample.rawLength < 2 ? -1 : bytes.u16(sample.rawAt));
  }

  private void takeOther(long at, int type, int cpu) {
    long end = at + bytes.u16(at + 6);
    if (type == PerfRecords.LOST && at + 24 <= end) {
      long count = Math.max(0, bytes.u64(at + 16));
      lostInBuffers += count;
      lost.merge(cpu & 0xffff, count, Long::sum);
    } else if (type == PerfRecords.LOST_SAMPLES && at + 16 <= end) {
      boolean unwanted = (bytes.u16(at + 4) & MISC_LOST_SAMPLES_BPF) != 0;
      lostSamples += unwanted ? 0 : Math.max(0, bytes.u64(at + 8));
    } else {
      commands.take(bytes, type, at, end);
    }
  }

  private void tellRest() {
    if (toldRest) {
      return;
    }
    toldRest = true;
    if (unknownIds > 0) {
      tell(PerfCode.SAMPLE_ID_UNKNOWN, unknownIds + " samples have an id that no event has", "");
    }
    if (late > 0) {
      tell(PerfCode.OUT_OF_ORDER, late + " samples are told after some that are later", "");
    }
    if (commands.isFull()) {
      tell(PerfCode.COMMANDS_TOO_MANY, "more than 1048576 threads; some are without a name", "");
    }
    // Why: from Linux 6.1 on perf adds what each event counted as lost, and that is the sum of what
    // the buffers told, where they told it.
    long untold =
        lost.values().stream().mapToLong(Long::longValue).sum()
            + Math.max(0, lostSamples - lostInBuffers);
    if (untold > 0) {
      tell(
          PerfCode.EVENTS_LOST,
          untold + " events were lost at the end, or it is not told when",
          "");
    }
  }

  @Override
  public long timestamp() {
    return sample.time;
  }

  @Override
  public int cpu() {
    return sample.cpu;
  }

  @Override
  public int buffer() {
    return 0;
  }

  @Override
  public byte[] bytes() {
    return record;
  }

  @Override
  public int offset() {
    return 0;
  }

  @Override
  public int length() {
    return sample.rawLength;
  }

  @Override
  public long lostBefore() {
    return lostBefore;
  }

  @Override
  public byte @Nullable [] commandName() {
    return commands.of(sample.tid);
  }

  @Override
  public long bytesRead() {
    return records.position();
  }

  @Override
  public void close() {}
}
