package dev.tracery.cli;

import dev.tracery.client.DiagnosticReader;
import dev.tracery.client.KernelCheck;
import dev.tracery.v1.CheckKernelResponse;
import dev.tracery.v1.CompatibilityReport;
import dev.tracery.v1.Verdict;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Judges a kernel without registering it.
@Command(
    name = "check",
    description = {
      "Say what a kernel would break, and for whom, without registering it.",
      "",
      "The kernel is judged against the latest of a series; if it is in the series already, against",
      "the one before it there. INPUT is what `tracery register` takes. The exit status is 1 if it",
      "breaks somebody and the break is not waived."
    },
    footer = {
      "",
      "Examples:",
      "  $ sudo tracery check --series my-machine",
      "  $ tracery check formats.tar.zst --series debian-amd64 --release 6.12.117-amd64 --machine x86_64",
      "  $ tracery check trace.dat --series debian-amd64 --output junit > report.xml"
    })
final class CheckCommand implements Callable<Integer> {

  private enum Form {
    text,
    json,
    github,
    junit
  }

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private KernelSourceOptions source = new KernelSourceOptions();

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      required = true,
      description = "The series whose latest kernel it is judged against.")
  private String series = "";

  @Option(names = "--strict", description = "Exit with 1 also where a person must decide (REVIEW).")
  private boolean strict;

  @Option(
      names = "--output",
      paramLabel = "text|json|github|junit",
      description =
          "Text for people, JSON, GitHub's workflow commands, or JUnit XML. Default: text.")
  private Form form = Form.text;

  CheckCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (series.isEmpty()) {
      throw CommandFailure.wrongUse("--series: expected a name but found \"\"");
    }
    Findings findings = new Findings(console);
    LocalKernel kernel = source.read(console, findings, "nothing was checked");
    return server.ask(
        console,
        client -> {
          CheckKernelResponse answer =
              client.check(
                  new KernelCheck(kernel.identity(), series, kernel.events(), kernel.types()));
          findings.add(answer.getDiagnosticsList().stream().map(DiagnosticReader::read).toList());
          write(answer.getReport());
          findings.tellCount();
          return status(answer.getReport().getVerdict(), strict);
        });
  }

  private void write(CompatibilityReport report) {
    switch (form) {
      case text -> new ReportText(console.out(), Palette.of(console)).write(report);
      case json -> console.out().line(Json.line(report));
      case github -> new ReportAnnotations(console.out(), strict).write(report);
      case junit -> console.out().print(new ReportJunit(strict).write(report));
    }
  }

  /// The exit status that a verdict means.
  private static int status(@Nullable Verdict verdict, boolean strict) {
    return verdict == Verdict.VERDICT_BREAK || (strict && verdict == Verdict.VERDICT_REVIEW)
        ? ExitStatus.VERDICT_AGAINST
        : ExitStatus.FINE;
  }
}
