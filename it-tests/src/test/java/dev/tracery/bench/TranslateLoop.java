package dev.tracery.bench;

import com.sun.management.ThreadMXBean;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.Target;
import dev.tracery.trace.PageFormat;
import dev.tracery.trace.PageWalker;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FreshSchemas;
import dev.tracery.translate.GeneratedTranslators;
import dev.tracery.translate.ItemSink;
import dev.tracery.translate.TraceItemWriter;
import dev.tracery.translate.TranslatorSource;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Translates the same pages again and again, in a process of its own that does nothing else: walks
/// over each page, and writes each record's envelope and message. Whatever line is written to it,
/// it answers with a round: `NANOSECONDS EVENTS BYTES_OUT BYTES_ALLOCATED`.
///
/// Arguments: the folder of [TranslatePages], `sched` or `mixed` or `merged`, `generated` or
/// `interpreted`. `merged` is `mixed` through the cursor that merges the CPUs by time.
public final class TranslateLoop {

  private static final long ROUND_NANOS = 300_000_000;

  private final Path folder;
  private final String name;
  private final PageWalker walker =
      new PageWalker(PageFormat.usual(Target.LITTLE_64, TranslatePages.PAGE));
  private final List<byte[][]> pagesByCpu = new ArrayList<>();
  private final Trace trace;
  private final TraceItemWriter writer;
  private long bytesOut;

  private TranslateLoop(Path folder, String name, TranslatorSource translators) throws IOException {
    this.folder = folder;
    this.name = name;
    trace = Traces.open(TranslatePages.trace(folder), TraceLimits.DEFAULT);
    ItemSink sink = (_, _, length) -> bytesOut += length;
    writer =
        new TraceItemWriter(
            trace.content(),
            new EventTypes(trace.content(), new FreshSchemas(), translators),
            sink);
    for (int cpu = 0; cpu < (name.equals("sched") ? 1 : 2); cpu++) {
      pagesByCpu.add(name.equals("merged") ? new byte[0][] : pages(cpu));
    }
  }

  private byte[][] pages(int cpu) throws IOException {
    byte[] all = TranslatePages.read(folder, name, cpu);
    byte[][] pages = new byte[all.length / TranslatePages.PAGE][];
    for (int i = 0; i < pages.length; i++) {
      pages[i] = Arrays.copyOfRange(all, i * TranslatePages.PAGE, (i + 1) * TranslatePages.PAGE);
    }
    return pages;
  }

  private void translatePages() throws IOException {
    PageWalker page = walker;
    for (int cpu = 0; cpu < pagesByCpu.size(); cpu++) {
      for (byte[] bytes : pagesByCpu.get(cpu)) {
        page.start(bytes, bytes.length);
        while (page.next()) {
          writer.write(page.timestamp(), cpu, 0, bytes, page.offset(), page.length());
        }
      }
    }
  }

  private void translateMerged() throws IOException {
    try (RecordCursor records = trace.records(RecordFilter.ALL)) {
      while (records.advance()) {
        writer.write(records);
      }
    }
  }

  private void once() throws IOException {
    if (name.equals("merged")) {
      translateMerged();
    } else {
      translatePages();
    }
  }

  private String round() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().threadId();
    threads.getThreadAllocatedBytes(thread);
    long events = writer.events();
    bytesOut = 0;
    long allocated = threads.getThreadAllocatedBytes(thread);
    // Why the thread's time: what others do on the machine, the compiler of this JVM among them, is
    // not to be measured.
    long start = threads.getCurrentThreadCpuTime();
    long end;
    do {
      once();
      end = threads.getCurrentThreadCpuTime();
    } while (end - start < ROUND_NANOS);
    allocated = threads.getThreadAllocatedBytes(thread) - allocated;
    return end - start + " " + (writer.events() - events) + " " + bytesOut + " " + allocated;
  }

  public static void main(String[] arguments) throws IOException {
    TranslatorSource translators =
        arguments[2].equals("interpreted")
            ? (plan, _) -> new PlanInterpreter(plan)
            : new GeneratedTranslators();
    TranslateLoop loop = new TranslateLoop(Path.of(arguments[0]), arguments[1], translators);
    while (System.in.read() == '\n') {
      System.out.println(loop.round());
    }
  }
}
