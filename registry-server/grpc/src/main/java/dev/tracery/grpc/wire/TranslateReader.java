package dev.tracery.grpc.wire;

import dev.tracery.grpc.status.Violations;
import dev.tracery.model.Glob;
import dev.tracery.translation.Translation.Request;
import dev.tracery.translation.Translation.Source;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TranslateStart;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Reads what is to be translated.
public final class TranslateReader {

  private static final int MAX_GLOBS = 1_000;
  private static final int MAX_CPUS = 65_536;
  private static final int MAX_HEADER_BYTES = 4_096;
  private static final int MAX_PAGE_BYTES = 1 << 20;
  private static final String FILE = "the trace";

  private TranslateReader() {}

  /// The request; throws INVALID_ARGUMENT with everything that is wrong.
  public static Request read(TranslateStart start) {
    Violations violations = new Violations();
    if (start.getEventsCount() > MAX_GLOBS) {
      violations.add("start.events", "at most " + MAX_GLOBS + " globs are allowed");
    }
    if (start.getCpusCount() > MAX_CPUS) {
      violations.add("start.cpus", "at most " + MAX_CPUS + " CPUs are allowed");
    }
    violations.check();
    List<Glob> events = new ArrayList<>();
    for (int i = 0; i < start.getEventsCount(); i++) {
      String field = "start.events[" + i + "]";
      String text = RequestFields.name(field, start.getEvents(i), violations);
      if (text.isEmpty()) {
        violations.add(field, "give a glob over system/name, such as sched/*");
      } else if (text.length() <= Glob.MAX_LENGTH) {
        events.add(Glob.of(text));
      }
    }
    Set<Integer> cpus = new HashSet<>(start.getCpusList());
    OptionalLong from =
        start.hasFromTime() ? OptionalLong.of(start.getFromTime()) : OptionalLong.empty();
    OptionalLong to = start.hasToTime() ? OptionalLong.of(start.getToTime()) : OptionalLong.empty();
    Source source = source(start, violations);
    violations.check();
    return new Request(source, events, cpus, from, to);
  }

  private static Source source(TranslateStart start, Violations violations) {
    switch (start.getSourceCase()) {
      case FILE -> {
        String name = RequestFields.name("start.file.name", start.getFile().getName(), violations);
        return new Source.TraceFile(name.isEmpty() ? FILE : name);
      }
      case RAW_PAGES -> {
        return pages(start.getRawPages(), violations);
      }
      case SOURCE_NOT_SET ->
          violations.add("start.source", "say what follows: a file, or raw pages of a kernel");
    }
    return new Source.TraceFile(FILE);
  }

  private static Source pages(RawPagesSource pages, Violations violations) {
    String kernel = RequestFields.kernel("start.raw_pages.kernel", pages.getKernel(), violations);
    if (pages.getHeaderPage().size() > MAX_HEADER_BYTES) {
      violations.add(
          "start.raw_pages.header_page",
          "at most " + MAX_HEADER_BYTES + " bytes are allowed; this is no header_page");
    }
    int size = pages.getPageSize();
    if (size != 0 && (size < 64 || size > MAX_PAGE_BYTES)) {
      violations.add(
          "start.raw_pages.page_size",
          "expected 64 to "
              + MAX_PAGE_BYTES
              + " bytes, or 0 for what the kernel has, but found "
              + Integer.toUnsignedString(size));
    }
    return new Source.RawPages(kernel, pages.getHeaderPage().toStringUtf8(), size);
  }
}
