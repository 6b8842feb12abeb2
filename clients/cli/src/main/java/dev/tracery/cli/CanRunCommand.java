package dev.tracery.cli;

import dev.tracery.cli.consumerfile.ConsumerFile;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.CanRunResponse;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.KernelFit;
import dev.tracery.v1.KnownTool;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says where a tool can run.
@Command(
    name = "can-run",
    description = {
      "Say whether a tool can run on a kernel, or on each kernel of a series, and why not."
    },
    footer = {
      "",
      "Exit status: 0 the tool can run on each of them, perhaps with less; 1 on one of them it",
      "cannot, or it is not known whether it can; 2 wrong use; 3 the registry failed or cannot be",
      "reached.",
      "",
      "Examples:",
      "  $ tracery can-run offcputime --series debian-amd64",
      "  $ tracery can-run offcputime/0.31.0 --kernel 6.12.117-amd64",
      "  $ tracery can-run offcputime.yaml --series debian-amd64"
    })
final class CanRunCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(
      paramLabel = "TOOL",
      description =
          "A tool that the registry knows, NAME or NAME/VERSION; or a consumer file, whose name ends"
              + " in .yaml or .yml.")
  private String tool = "";

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      description = "On every kernel of this series.")
  private @Nullable String series;

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      description = "On this kernel: its id, a prefix of it, or its release.")
  private @Nullable String kernel;

  CanRunCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if ((series == null) == (kernel == null)) {
      throw CommandFailure.wrongUse(
          "expected either --series or --kernel; see `tracery can-run --help`");
    }
    CanRunRequest.Builder request = CanRunRequest.newBuilder().setAtRevision(revision.get());
    if (series != null) {
      request.setSeries(series);
    }
    if (kernel != null) {
      request.setKernel(kernel);
    }
    if (tool.endsWith(".yaml") || tool.endsWith(".yml")) {
      request.setConsumer(read(Path.of(tool)));
    } else {
      int slash = tool.indexOf('/');
      request.setKnown(
          KnownTool.newBuilder()
              .setName(slash < 0 ? tool : tool.substring(0, slash))
              .setVersion(slash < 0 ? "" : tool.substring(slash + 1)));
    }
    return server.ask(
        console,
        client -> {
          CanRunResponse answer = client.canRun(request.build());
          if (output.json()) {
            console.out().line(Json.line(answer));
          } else {
            new FitText(console.out(), Palette.of(console)).write(answer);
          }
          return answer.getKernelsList().stream()
              .map(KernelFit::getOutcome)
              .mapToInt(ExitStatus::of)
              .max()
              .orElse(ExitStatus.FINE);
        });
  }

  private Consumer read(Path path) throws IOException {
    ConsumerFile file = ConsumerFile.read(path);
    Findings findings = new Findings(console);
    findings.add(file.diagnostics());
    findings.refuseErrors(path.toString(), "nothing was asked");
    return file.consumer().orElseThrow();
  }
}
