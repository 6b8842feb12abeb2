package dev.tracery.trace;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// All records of a trace, read with everything checked that must hold of any input.
///
/// @param refused whether it could not be opened
/// @param records of each buffer and CPU, as hashes of time and bytes
/// @param problems as they were found
record ReadTrace(
    boolean refused, Map<String, List<Long>> records, List<String> problems, long damagedBytes) {

  static final long NO_BOUND = Long.MAX_VALUE;

  /// @param most how many records there may be
  static ReadTrace of(Path file, long most) throws IOException {
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
      return of(trace, most);
    } catch (TraceException refused) {
      assertTrue(!refused.diagnostics().isEmpty());
      return new ReadTrace(true, Map.of(), printable(refused.diagnostics()), 0);
    }
  }

  static ReadTrace of(Trace trace, long most) throws IOException {
    Map<String, List<Long>> records = new TreeMap<>();
    long number = 0;
    try (RecordCursor at = trace.records(RecordFilter.ALL)) {
      while (at.advance()) {
        assertTrue(++number <= most, "more than " + most + " records");
        byte[] bytes = at.bytes();
        int end = at.offset() + at.length();
        assertTrue(at.offset() >= 0 && at.length() >= 4 && end <= bytes.length);
        long hash = at.timestamp() * 31 + at.lostBefore();
        for (int i = at.offset(); i < end; i++) {
          hash = hash * 31 + bytes[i];
        }
        records.computeIfAbsent(at.buffer() + "/" + at.cpu(), _ -> new ArrayList<>()).add(hash);
      }
      assertTrue(at.bytesRead() <= trace.size());
    }
    return new ReadTrace(
        false, records, printable(trace.problems().diagnostics()), trace.problems().damagedBytes());
  }

  private static List<String> printable(List<Diagnostic> diagnostics) {
    List<String> texts = diagnostics.stream().map(Diagnostic::toString).toList();
    for (String text : texts) {
      assertTrue(text.chars().noneMatch(Character::isISOControl), text);
    }
    return texts;
  }

  long count() {
    return records.values().stream().mapToLong(List::size).sum();
  }

  /// Whether a list is another one of which only the records from `from` to `to` may differ.
  static boolean differsOnlyWithin(List<Long> whole, List<Long> other, int from, int to) {
    int behind = whole.size() - to;
    return other.size() >= from + behind
        && whole.subList(0, from).equals(other.subList(0, from))
        && whole
            .subList(to, whole.size())
            .equals(other.subList(other.size() - behind, other.size()));
  }

  static byte[] withBytes(byte[] whole, int at, byte[] other) {
    byte[] changed = Arrays.copyOf(whole, whole.length);
    System.arraycopy(other, 0, changed, at, other.length);
    return changed;
  }
}
