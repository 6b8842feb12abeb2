package dev.tracery.trace;

import dev.tracery.compiler.input.PerfDataFile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The attributes of a `perf.data`, and whose a record is.
final class PerfAttributes {

  private static final int MAX_ATTRIBUTES = 65_536;
  private static final int MAX_IDS = 1 << 20;

  private final String file;
  private final PerfBytes bytes;
  private final TraceProblems problems;
  private final List<PerfAttribute> all = new ArrayList<>();
  private final PerfIds ids = new PerfIds();
  private long idsRead;
  private boolean sameParts = true;
  private boolean sameIdOffset = true;
  private boolean sameIdFromEnd = true;
  private boolean tooMany;

  PerfAttributes(String file, PerfBytes bytes, TraceProblems problems) {
    this.file = file;
    this.bytes = bytes;
    this.problems = problems;
  }

  /// Reads the table of the form that is no pipe.
  ///
  /// @param from the file with the table, which need not be that with the records
  void readTable(PerfBytes from, PerfDataFile.Extent table, long entrySize) {
    if (entrySize < PerfAttribute.MIN_BYTES + 16 || entrySize > 4096) {
      damaged(table.offset(), "the size of an attribute: expected 80 to 4096, found " + entrySize);
      return;
    }
    for (long at = table.offset(); at + entrySize <= table.end() && !tooMany; at += entrySize) {
      long idsAt = from.u64(at + entrySize - 16);
      long idsSize = from.u64(at + entrySize - 8);
      if (idsAt < 0 || idsSize < 0 || idsAt > from.size() || idsSize > from.size() - idsAt) {
        damaged(at, "the ids of an attribute lie beyond the end of the file");
        idsSize = 0;
      }
      add(from, PerfAttribute.read(from, at), idsAt, idsSize);
    }
  }

  /// Takes a `PERF_RECORD_HEADER_ATTR` of a pipe.
  void readRecord(long at, long size) {
    long attribute = at + 8;
    long attributeSize = size < 8 + PerfAttribute.MIN_BYTES ? 0 : bytes.u32(attribute + 4);
    if (attributeSize < PerfAttribute.MIN_BYTES || attributeSize > size - 8) {
      damaged(at, "an attribute's record has " + size + " bytes, of them " + attributeSize);
      return;
    }
    if (!tooMany) {
      add(
          bytes,
          PerfAttribute.read(bytes, attribute),
          attribute + attributeSize,
          size - 8 - attributeSize);
    }
  }

  private void add(PerfBytes from, PerfAttribute attribute, long idsAt, long idsSize) {
    // Why not the number of different ids: attributes can all point to the same million.
    idsRead += idsSize / 8;
    if (all.size() >= MAX_ATTRIBUTES || idsRead > MAX_IDS) {
      tooMany = true;
      problems.add(
          PerfCode.ATTRIBUTES_TOO_MANY.at(
              file,
              idsAt,
              "more than " + MAX_ATTRIBUTES + " attributes, or " + MAX_IDS + " ids of them",
              ""),
          0);
      return;
    }
    for (long at = idsAt; at + 8 <= idsAt + idsSize; at += 8) {
      ids.put(from.u64(at), all.size());
    }
    all.add(attribute);
    PerfAttribute first = all.getFirst();
    sameParts &=
        attribute.sampleType() == first.sampleType()
            && attribute.readFormat() == first.readFormat()
            && attribute.sampleIdAll() == first.sampleIdAll();
    sameIdOffset &= attribute.idOffset() == first.idOffset();
    sameIdFromEnd &= attribute.idFromEnd() == first.idFromEnd();
  }

  private void damaged(long at, String message) {
    problems.add(PerfCode.ATTRIBUTES_DAMAGED.at(file, at, message, ""), 0);
  }

  boolean isEmpty() {
    return all.isEmpty();
  }

  boolean hasRecords() {
    return all.stream().anyMatch(PerfAttribute::isRecord);
  }

  boolean hasTracepointsWithoutRecords() {
    return all.stream().anyMatch(a -> a.type() == PerfAttribute.TYPE_TRACEPOINT && !a.isRecord());
  }

  /// Whether samples of different kinds cannot be told apart.
  boolean areAmbiguous() {
    return all.size() > 1 && !sameParts && (!sameIdOffset || all.getFirst().idOffset() < 0);
  }

  /// Whether every record can be given its place in time.
  boolean allHaveTime() {
    return all.stream().allMatch(attribute -> attribute.has(PerfAttribute.TIME));
  }

  /// Whose a sample is.
  ///
  /// @param body where it begins, after the header
  /// @return null if no attribute has its id
  @Nullable PerfAttribute ofSample(long body, long end) {
    if (all.isEmpty()) {
      return null;
    }
    PerfAttribute first = all.getFirst();
    int idOffset = first.idOffset();
    if (all.size() == 1 || idOffset < 0 || !sameIdOffset) {
      return first;
    }
    return body + idOffset + 8 > end ? null : byId(bytes.u64(body + idOffset));
  }

  /// Whose parts another record ends with.
  ///
  /// @return null if that cannot be known
  @Nullable PerfAttribute ofOther(long body, long end) {
    if (all.isEmpty()) {
      return null;
    }
    PerfAttribute first = all.getFirst();
    int idFromEnd = first.idFromEnd();
    if (sameParts || idFromEnd < 0 || !sameIdFromEnd) {
      return first;
    }
    if (end - idFromEnd < body) {
      return null;
    }
    // Why: what perf itself makes of the processes that are there when it begins has the id 0.
    long id = bytes.u64(end - idFromEnd);
    return id == 0 ? first : byId(id);
  }

  private @Nullable PerfAttribute byId(long id) {
    int index = ids.find(id);
    return index < 0 ? null : all.get(index);
  }
}
