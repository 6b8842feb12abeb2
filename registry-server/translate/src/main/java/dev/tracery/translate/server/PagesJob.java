package dev.tracery.translate.server;

import dev.tracery.compiler.input.HeaderPage;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.trace.PageFormat;
import dev.tracery.trace.PageWalker;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceProblems;
import dev.tracery.translation.Answers;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation.Request;
import dev.tracery.translation.Translation.Source.RawPages;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Pages of a registered kernel's ring buffer, translated as they come. Not thread-safe.
final class PagesJob implements TraceJob {

  /// Who sends pages mostly sends many: the kernel's bundle is worth waiting for.
  private static final Duration BUNDLE_PATIENCE = Duration.ofSeconds(3);

  private static final int MAX_CPUS = 65_536;

  private final StreamContext stream;
  private final PageFormat format;
  private final PageWalker walker;
  private final TraceProblems problems = new TraceProblems();
  // How many bytes of each CPU came so far; negative where the last page was cut.
  private final Map<Integer, Long> received = new HashMap<>();
  // Events that were lost before what comes next of each CPU, with no record since.
  private final Map<Integer, Long> lost = new TreeMap<>();
  private boolean closed;

  PagesJob(Parts parts, RawPages source, Request request, Answers answers) {
    Kernel kernel = parts.registry().kernel(source.kernel(), 0);
    this.format = format(source, kernel);
    this.walker = new PageWalker(format);
    parts.generated().await(kernel, BUNDLE_PATIENCE);
    TraceContent content = RegisteredKernel.content(kernel);
    this.stream =
        new StreamContext(
            parts.registry(),
            parts.pool(),
            parts.threads(),
            content,
            Optional.of(kernel),
            (schemas, translators) ->
                RegisteredKernel.types(
                    parts.registry(),
                    kernel,
                    event -> StreamContext.isWanted(request, event.event().toString()),
                    schemas,
                    translators),
            request,
            answers);
    boolean started = false;
    try {
      stream.writer().start(content, kernel.id());
      started = true;
    } catch (IOException e) {
      throw new IllegalStateException("answers go to memory", e);
    } finally {
      if (!started) {
        stream.close();
      }
    }
  }

  private static PageFormat format(RawPages source, Kernel kernel) {
    HeaderPage header = HeaderPage.parse(source.headerPage().getBytes(StandardCharsets.ISO_8859_1));
    int size =
        source.pageSize() != 0
            ? source.pageSize()
            : header.pageSize().orElse(kernel.identity().pageSize());
    Target target = kernel.identity().target();
    if (source.headerPage().isEmpty()) {
      return PageFormat.usual(target, size);
    }
    return PageFormat.of(header, target.byteOrder(), size)
        .orElseThrow(() ->
            new RegistryException(
                Code.INVALID_ARGUMENT,
                "start.raw_pages.header_page",
                "start.raw_pages.header_page: this is no header_page of pages of "
                    + size
                    + " bytes; send the kernel's events/header_page, or nothing"));
  }

  @Override
  public void file(byte[] chunk) {
    throw new IllegalStateException("pages are no file");
  }

  @Override
  public void pages(int cpu, byte[] pages) {
    long before = received.getOrDefault(cpu, 0L);
    if (before < 0) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "pages.pages",
          "pages.pages: the last page of CPU "
              + Integer.toUnsignedString(cpu)
              + " was cut: it had not "
              + format.size()
              + " bytes; only a CPU's last page may be shorter");
    }
    if (before == 0 && received.size() >= MAX_CPUS) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT, "pages.cpu", "pages.cpu: more than " + MAX_CPUS + " CPUs came");
    }
    boolean cut = pages.length % format.size() != 0;
    received.put(cpu, cut ? -1L : before + pages.length);
    if (!stream.filter().cpus().test(cpu)) {
      return;
    }
    PagesCursor cursor =
        new PagesCursor(
            walker,
            format.size(),
            cpu,
            pages,
            stream.filter(),
            format.order() == ByteOrder.BIG_ENDIAN,
            lost.getOrDefault(cpu, 0L),
            (damaged, at) -> tell(damaged, cpu, before + at));
    try {
      stream.write(cursor, problems);
      lost.put(cpu, cursor.lostAtEnd());
      stream.writer().problems(problems);
      stream.flush();
    } catch (IOException e) {
      throw new IllegalStateException("pages are in memory", e);
    }
  }

  private void tell(PageWalker damaged, int cpu, long pageStart) {
    if (!damaged.damage().isEmpty()) {
      problems.add(
          new Diagnostic(
              Severity.ERROR,
              "PAGE_DAMAGED",
              SourceLocation.inBinary(
                  "cpu" + Integer.toUnsignedString(cpu), pageStart + damaged.damagedAt()),
              "cpu "
                  + Integer.toUnsignedString(cpu)
                  + ": "
                  + damaged.damage()
                  + "; "
                  + damaged.damagedBytes()
                  + " bytes are lost",
              ""),
          damaged.damagedBytes());
    }
  }

  @Override
  public void finish() {
    try {
      for (Map.Entry<Integer, Long> end : lost.entrySet()) {
        if (end.getValue() != 0) {
          stream.writer().lost(0, end.getKey(), 0, end.getValue());
        }
      }
      for (Diagnostic found : stream.types().diagnostics()) {
        if (found.severity() == Severity.ERROR) {
          stream.writer().problem(found);
        }
      }
      stream.writer().end(problems);
      stream.flush();
    } catch (IOException e) {
      throw new IllegalStateException("answers go to memory", e);
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      stream.close();
    }
  }
}
