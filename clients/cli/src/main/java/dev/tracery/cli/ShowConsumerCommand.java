package dev.tracery.cli;

import dev.tracery.v1.Claim;
import dev.tracery.v1.Requirement;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows what a version of a tool needs.
@Command(
    name = "show",
    description =
        "Show what a version of a tool needs: the version that appeared last, or VERSION.",
    footer = {"", "Example:", "  $ tracery consumers show offcputime/0.31.0"})
final class ShowConsumerCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(paramLabel = "NAME[/VERSION]", description = "The tool.")
  private String tool = "";

  ShowConsumerCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ToolName name = ToolName.parse(tool);
    return server.ask(
        console,
        client -> {
          Claim claim = client.consumer(name.name(), name.version(), revision.get());
          if (output.json()) {
            console.out().line(Json.line(claim));
          } else {
            write(console.out(), claim);
          }
          return ExitStatus.FINE;
        });
  }

  private static void write(Output out, Claim claim) {
    out.line("consumer  " + Terms.printable(claim.getConsumer().getName()));
    out.line("version   " + Terms.printable(claim.getConsumer().getVersion()));
    if (!claim.getConsumer().getSource().isEmpty()) {
      out.line("source    " + Terms.printable(claim.getConsumer().getSource()));
    }
    String ended =
        claim.getState() == dev.tracery.v1.ClaimState.CLAIM_STATE_WITHDRAWN
                && !claim.getEndedBy().isEmpty()
            ? ": " + Terms.printable(claim.getEndedBy())
            : "";
    out.line("claim     " + ClaimText.origin(claim) + ", " + ClaimText.state(claim) + ended);
    out.line("since     " + Terms.time(claim.getCreateTime()));
    if (claim.hasLastSeenTime()) {
      out.line("seen      " + Terms.time(claim.getLastSeenTime()));
    }
    if (claim.hasLapseTime()) {
      out.line("lapses    " + Terms.time(claim.getLapseTime()));
    }
    out.line("");
    for (Requirement requirement : claim.getConsumer().getRequirementsList()) {
      ClaimText.lines(requirement).forEach(out::line);
    }
  }
}
