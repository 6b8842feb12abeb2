package dev.tracery.cli;

import dev.tracery.client.DiagnosticReader;
import dev.tracery.client.KernelCheck;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Kernel;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.RegisterKernelResponse;
import dev.tracery.v1.Verdict;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
      "a kernel that is registered already stays as it is, but for BTF that it did not have.",
      "",
      "A kernel that joins a series is judged against the latest of it, as `tracery check` does. Where",
      "the series enforces (`tracery policy`), one that breaks somebody is refused, and the exit",
      "status is 1."
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
  @Mixin private KernelSourceOptions source = new KernelSourceOptions();

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      description = "Append the kernel to this series: a line of kernels that follow each other.")
  private @Nullable String series;

  @Option(
      names = "--validate-only",
      description = "Check everything and say what would be stored, but store nothing.")
  private boolean validateOnly;

  @Option(
      names = "--report",
      description = "Show all that the kernel does to the series, not only a summary.")
  private boolean report;

  RegisterCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (series != null && series.isEmpty()) {
      throw CommandFailure.wrongUse("--series: expected a name but found \"\"");
    }
    Findings findings = new Findings(console);
    LocalKernel kernel = source.read(console, findings, CONSEQUENCE);
    Registration registration =
        new Registration(
            kernel.identity(),
            Optional.ofNullable(series),
            validateOnly,
            kernel.events(),
            kernel.types());
    return server.ask(
        console,
        client -> {
          RegisterKernelResponse answer;
          try {
            answer = client.register(registration);
          } catch (TraceryException e) {
            return refused(client, registration, e);
          }
          findings.add(answer.getDiagnosticsList().stream().map(DiagnosticReader::read).toList());
          if (output.json()) {
            console.out().line(Json.line(answer));
          } else {
            console.out().print(text(answer, kernel.types()));
            if (answer.hasReport()) {
              tell(answer.getReport());
            }
          }
          findings.tellCount();
          return ExitStatus.FINE;
        });
  }

  /// What the kernel does to the series that it joined: two lines, or all of it.
  private void tell(CompatibilityReport judged) {
    ReportText text = new ReportText(console.out(), Palette.of(console));
    if (report) {
      console.out().line("");
      text.write(judged);
    } else if (judged.hasPredecessor()) {
      text.summary(judged);
      if (judged.getVerdict().compareTo(Verdict.VERDICT_COMPATIBLE) > 0) {
        console.out().line("--report, or `tracery check`, shows the whole report");
      }
    }
  }

  /// A kernel that breaks a series which enforces: shows the whole report.
  private int refused(TraceryClient client, Registration registration, TraceryException refusal)
      throws IOException {
    CompatibilityReport judged = refusal.report().orElseThrow(() -> refusal);
    try {
      // Why: a refusal has room for a few findings only.
      judged =
          client
              .check(
                  new KernelCheck(
                      registration.identity(),
                      judged.getSeries(),
                      registration.events(),
                      registration.types()))
              .getReport();
    } catch (TraceryException e) {
      refusal.addSuppressed(e);
    }
    if (output.json()) {
      console.out().line(Json.line(RegisterKernelResponse.newBuilder().setReport(judged)));
    } else {
      new ReportText(console.out(), Palette.of(console)).write(judged);
    }
    console.out().flush();
    console
        .err()
        .println(
            "tracery: the kernel breaks the series "
                + Terms.printable(judged.getSeries())
                + ", which enforces; "
                + CONSEQUENCE
                + "; `tracery waive` accepts a break");
    return ExitStatus.VERDICT_AGAINST;
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
