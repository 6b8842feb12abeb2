package dev.tracery.cli;

import dev.tracery.cli.consumerfile.ConsumerFile;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.DeclareConsumerRequest;
import dev.tracery.v1.DeclareConsumerResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Declares what tools need.
@Command(
    name = "declare",
    description = {
      "Declare what tools need, from consumer files: from then on kernels are judged by it.",
      "",
      "All files are read before the first tool is declared, and each tool is declared whole or",
      "not at all. docs/consumers.md describes the files."
    },
    footer = {
      "",
      "Example:",
      "  $ tracery consumers declare offcputime.yaml --supersedes all",
      "  $ tracery consumers declare consumers/ --validate-only"
    })
final class DeclareCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = "Consumer files, or folders with files *.yaml.")
  private List<Path> inputs = new ArrayList<>();

  @Option(
      names = "--supersedes",
      paramLabel = "VERSION",
      description = {
        "A version of the tool that this one has replaced: its claims end. May be given more than",
        "once; `all` is every other declared version."
      })
  private List<String> supersedes = new ArrayList<>();

  @Option(names = "--validate-only", description = "Check everything, but declare nothing.")
  private boolean validateOnly;

  @Option(
      names = "--allow-unknown",
      description = "Accept events and fields that no registered kernel has.")
  private boolean allowUnknown;

  private record Read(Path file, Consumer consumer) {}

  DeclareCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    List<Read> tools = read();
    return server.ask(
        console,
        client -> {
          for (Read tool : tools) {
            declare(client, tool);
          }
          return ExitStatus.FINE;
        });
  }

  private List<Read> read() throws IOException {
    List<Read> tools = new ArrayList<>();
    Findings findings = new Findings(console);
    for (Path input : inputs) {
      List<Path> files = ConsumerFile.files(input);
      if (files.isEmpty()) {
        throw CommandFailure.wrongUse(input + ": there is no file *.yaml in this folder");
      }
      for (Path file : files) {
        ConsumerFile read = ConsumerFile.read(file);
        findings.add(read.diagnostics());
        read.consumer().ifPresent(consumer -> tools.add(new Read(file, consumer)));
      }
    }
    findings.refuseErrors(
        inputs.size() == 1 ? inputs.getFirst().toString() : "the files", "nothing was declared");
    return tools;
  }

  private void declare(TraceryClient client, Read tool) {
    DeclareConsumerRequest request =
        DeclareConsumerRequest.newBuilder()
            .setConsumer(tool.consumer())
            .addAllSupersedes(
                supersedes.stream().map(version -> version.equals("all") ? "*" : version).toList())
            .setAllowUnknownEvents(allowUnknown)
            .setValidateOnly(validateOnly)
            .build();
    DeclareConsumerResponse declared;
    try {
      declared = client.declare(request);
    } catch (TraceryException e) {
      console.err().println("tracery: " + tool.file() + " was not declared");
      throw e;
    }
    for (String warning : declared.getWarningsList()) {
      console.err().println(Terms.printable(tool.file() + ": warning: " + warning));
    }
    if (output.json()) {
      console.out().line(Json.line(declared));
      return;
    }
    String name = tool.consumer().getName() + "/" + tool.consumer().getVersion();
    StringBuilder line = new StringBuilder(Terms.printable(name)).append(": ");
    if (validateOnly) {
      line.append("valid, not declared");
    } else if (declared.getChanged()) {
      line.append("declared, revision ").append(declared.getRevision());
    } else {
      line.append("declared before, nothing changed");
    }
    if (declared.getSupersededCount() > 0) {
      line.append(validateOnly ? "; would supersede " : "; supersedes ")
          .append(Terms.printable(String.join(", ", declared.getSupersededList())));
    }
    console.out().line(line.toString());
  }
}
