package dev.tracery.cli;

import dev.tracery.client.DiagnosticReader;
import dev.tracery.client.EventSource;
import dev.tracery.client.Registration;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.compiler.input.RunningKernel;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.RegisterKernelResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Registers a kernel: reads its formats, finds everything that is wrong with them, and sends those
/// that the registry does not know.
@Command(
    name = "register",
    description = {
      "Register a kernel with its events: the running one, or the one that INPUT is of.",
      "",
      "INPUT is a folder like /sys/kernel/tracing or its `events`, a tar of one, a trace.dat or a",
      "perf.data; plain, or compressed with gzip or zstd. What the input cannot tell is given by",
      "options; an option that contradicts the input is an error. Registering is all or nothing, and",
      "a kernel that is registered already stays as it is, but for BTF that it did not have."
    },
    footer = {
      "",
      "Examples:",
      "  $ sudo tracery register --series my-machine",
      "  $ tracery register trace.dat --release 6.1.0-56-amd64 --validate-only",
      "  $ tracery register formats.tar.zst --release 6.1.0-50-s390x --machine s390x --page-size 4096",
      "  $ tracery register formats.tar.zst --btf btf-vmlinux.zst --series debian-amd64"
    })
final class RegisterCommand implements Callable<Integer> {

  private static final String CONSEQUENCE = "nothing was registered";

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private KernelFlagOptions flags = new KernelFlagOptions();
  @Mixin private BtfOption btf = new BtfOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "INPUT",
      description = "What to read. Default: the running kernel, which needs root.")
  private @Nullable Path input;

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      description = "Append the kernel to this series: a line of kernels that follow each other.")
  private @Nullable String series;

  @Option(
      names = "--validate-only",
      description = "Check everything and say what would be stored, but store nothing.")
  private boolean validateOnly;

  RegisterCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (series != null && series.isEmpty()) {
      throw CommandFailure.wrongUse("--series: expected a name but found \"\"");
    }
    KernelFlags said = flags.get();
    Findings findings = new Findings(console);
    KernelInput kernel =
        input == null
            ? RunningKernel.read(InputLimits.DEFAULT)
            : KernelInputReader.read(input, InputLimits.DEFAULT);
    findings.add(kernel.diagnostics());
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
    IdentityResolver.Resolution resolution = IdentityResolver.resolve(kernel, said);
    findings.add(resolution.problems());
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
    KernelIdentity identity = resolution.identity().orElseThrow();
    List<EventSource> events = compile(kernel, identity.target(), findings);
    Optional<KernelTypes> types = btf.read(input == null, identity.target(), findings);
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
    Registration registration =
        new Registration(identity, Optional.ofNullable(series), validateOnly, events, types);
    return server.ask(
        console,
        client -> {
          RegisterKernelResponse answer = client.register(registration);
          findings.add(answer.getDiagnosticsList().stream().map(DiagnosticReader::read).toList());
          console.out().print(output.json() ? Json.line(answer) + "\n" : text(answer, types));
          findings.tellCount();
          return ExitStatus.FINE;
        });
  }

  /// Compiles every format, so that all problems are told and none is sent.
  private List<EventSource> compile(KernelInput kernel, Target target, Findings findings) {
    FormatCompiler compiler = new FormatCompiler();
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = new Progress(console, "checked")) {
      List<FormatCompiler.Result> results =
          kernel.events().parallelStream()
              .map(event -> {
                var result = compiler.compile(event.file(), event.text(), target);
                progress.show(done.incrementAndGet() + " of " + kernel.events().size());
                return result;
              })
              .toList();
      progress.clear();
      List<EventSource> events = new ArrayList<>(results.size());
      for (int i = 0; i < results.size(); i++) {
        EventFormatFile event = kernel.events().get(i);
        findings.add(results.get(i).diagnostics());
        findings.add(
            results.get(i).layout().stream()
                .flatMap(layout ->
                    KernelCompiler.nameMismatch(event.event(), event.file(), layout).stream())
                .toList());
        events.add(
            new EventSource(
                event.event(),
                results.get(i).id(),
                CanonicalForm.hash(event.text(), target),
                event::text));
      }
      return events;
    }
  }

  private String text(RegisterKernelResponse answer, Optional<KernelTypes> types) {
    Kernel kernel = answer.getKernel();
    var identity = kernel.getIdentity();
    String what =
        validateOnly
            ? answer.getCreated() ? "would be registered" : "is registered already"
            : answer.getCreated()
                ? "registered at revision " + Long.toUnsignedString(answer.getRevision())
                : "was registered before, at revision "
                    + Long.toUnsignedString(kernel.getRevision());
    StringBuilder text = new StringBuilder();
    text.append("kernel ").append(kernel.getId()).append(' ').append(what).append('\n');
    text.append(Terms.printable(identity.getRelease()))
        .append(' ')
        .append(Terms.printable(identity.getMachine()))
        .append(", ")
        .append(Terms.target(identity.getWordSize(), identity.getByteOrder()))
        .append(", ")
        .append(Terms.count(kernel.getEventCount(), "event"))
        .append(" of ")
        .append(Terms.count(kernel.getSystemCount(), "system"))
        .append('\n');
    if (kernel.getSeriesCount() > 0) {
      text.append("series ").append(String.join(", ", kernel.getSeriesList())).append('\n');
    }
    types.ifPresent(btf ->
        text.append("BTF of ")
            .append(Terms.count(btf.getTracepointsCount(), "tracepoint"))
            .append(" and ")
            .append(Terms.count(btf.getStructsCount(), "struct"))
            .append(answer.getTypesAdded() ? "\n" : ", which the kernel had before\n"));
    return text.append(Terms.count(answer.getNewLayouts(), "new layout"))
        .append(", ")
        .append(Terms.count(answer.getNewSchemaVersions(), "new schema version"))
        .append('\n')
        .toString();
  }
}
