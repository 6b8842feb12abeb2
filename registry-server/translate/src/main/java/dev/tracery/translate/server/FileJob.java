package dev.tracery.translate.server;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.trace.RecordCursor;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceContent;
import dev.tracery.trace.TraceException;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.FormatId;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translation.Answers;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A trace file: kept on disk until it is whole, because its parts refer to each other, then
/// translated. Not thread-safe.
final class FileJob implements TraceJob {

  /// From this size on it pays to wait for the kernel's bundle: interpreted records take longer
  /// than that.
  private static final long LARGE = 64L << 20;

  private static final Duration BUNDLE_PATIENCE = Duration.ofSeconds(10);

  private final Registry registry;
  private final TranslatorPool pool;
  private final GeneratedBundles generated;
  private final ForeignThreads threads;
  private final TraceLimits limits;
  private final TraceSpool.SpooledTrace spooled;
  private final String name;
  private final Request request;
  private final Answers answers;

  FileJob(Parts parts, TraceSpool.SpooledTrace spooled, String name, Request request, Answers to) {
    this.registry = parts.registry();
    this.pool = parts.pool();
    this.generated = parts.generated();
    this.threads = parts.threads();
    this.limits = parts.limits();
    this.spooled = spooled;
    this.name = name;
    this.request = request;
    this.answers = to;
  }

  @Override
  public void file(byte[] chunk) {
    spooled.append(chunk);
  }

  @Override
  public void pages(int cpu, byte[] pages) {
    throw new IllegalStateException("a file has no pages");
  }

  @Override
  public void finish() {
    spooled.finish();
    try (Trace trace = Traces.openFile(spooled.file(), name, limits)) {
      translate(trace);
    } catch (TraceException e) {
      List<Diagnostic> found = e.diagnostics();
      throw new RegistryException(
          Code.INVALID_ARGUMENT, "file_chunk", String.valueOf(found.getFirst()), found);
    } catch (IOException e) {
      throw new IllegalStateException("cannot read a trace that was sent", e);
    }
  }

  private void translate(Trace trace) throws IOException {
    TraceContent content = trace.content();
    List<SeenEvent> seen = seen(content);
    Optional<Kernel> kernel =
        content
            .kernel()
            .release()
            .flatMap(release ->
                new KernelMatcher(registry).find(release.value(), content.target(), seen));
    TraceLearner learner = new TraceLearner(registry);
    List<SeenEvent> unknown = registry.layouts().unknown(seen);
    if (!unknown.isEmpty()) {
      learner.learn(identity(content), unknown, occurring(trace, unknown));
    }
    kernel.ifPresent(known -> {
      if (spooled.size() < LARGE || !generated.await(known, BUNDLE_PATIENCE)) {
        generated.wanted(known);
      }
    });
    TraceContent known = without(content, learner);
    try (StreamContext stream =
        new StreamContext(
            registry,
            pool,
            threads,
            known,
            kernel,
            (schemas, translators) -> new EventTypes(known, schemas, translators),
            request,
            answers)) {
      stream.writer().start(known, kernel.map(Kernel::id).orElse(""));
      for (Diagnostic problem : learner.problems()) {
        stream.writer().problem(problem);
      }
      stream.write(trace.records(stream.filter()), trace.problems());
      for (Diagnostic found : stream.types().diagnostics()) {
        if (found.severity() == Severity.ERROR) {
          stream.writer().problem(found);
        }
      }
      stream.writer().end(trace.problems());
      stream.flush();
    }
  }

  /// The events that are wanted, of those that the trace has formats of.
  private List<SeenEvent> seen(TraceContent content) {
    List<SeenEvent> seen = new ArrayList<>();
    for (EventFormatFile file : content.kernel().events()) {
      int id = FormatId.of(file.text());
      if (id >= 0 && StreamContext.isWanted(request, file.event().toString())) {
        seen.add(
            new SeenEvent(
                file.event(), id, CanonicalForm.hash(file.text(), content.target()), file.text()));
      }
    }
    return seen;
  }

  /// Which of these events have records: those that have none need not be learned.
  private Set<Integer> occurring(Trace trace, List<SeenEvent> events) throws IOException {
    Set<Integer> ids = new HashSet<>();
    events.forEach(event -> ids.add(event.id()));
    Set<Integer> found = new HashSet<>();
    boolean big = trace.content().target().byteOrder() == dev.tracery.model.ByteOrder.BIG_ENDIAN;
    RecordFilter filter =
        new RecordFilter(ids::contains, _ -> true, RecordFilter.ALL.from(), RecordFilter.ALL.to());
    try (RecordCursor records = trace.records(filter)) {
      for (long count = 1; records.advance(); count++) {
        if (records.length() >= 2) {
          int first = records.bytes()[records.offset()] & 0xff;
          int second = records.bytes()[records.offset() + 1] & 0xff;
          found.add(big ? first << 8 | second : second << 8 | first);
        }
        if ((count & 0xffff) == 0) {
          answers.check();
        }
      }
    }
    return found;
  }

  private static KernelIdentity identity(TraceContent content) {
    KernelInput kernel = content.kernel();
    return new KernelIdentity(
        text(kernel.release(), "unknown"),
        "",
        text(kernel.machine(), "unknown"),
        content.target(),
        kernel.pageSize().map(Fact::value).orElse(4096));
  }

  private static String text(Optional<Fact<String>> fact, String byDefault) {
    return fact.map(Fact::value)
        .filter(text ->
            !text.isEmpty()
                && text.length() <= KernelIdentity.MAX_LENGTH
                && text.chars().noneMatch(Character::isISOControl))
        .orElse(byDefault);
  }

  private static TraceContent without(TraceContent content, TraceLearner learner) {
    if (learner.without().isEmpty()) {
      return content;
    }
    KernelInput all = content.kernel();
    KernelInput known =
        new KernelInput(
            all.name(),
            all.release(),
            all.build(),
            all.machine(),
            all.byteOrder(),
            all.wordSize(),
            all.pageSize(),
            all.headerPage(),
            all.events().stream()
                .filter(file -> !learner.without().contains(file.event()))
                .toList(),
            all.diagnostics());
    return new TraceContent(
        known,
        content.target(),
        content.buffers(),
        content.symbols(),
        content.printkFormats(),
        content.commandNames());
  }

  @Override
  public void close() {
    spooled.close();
  }
}
