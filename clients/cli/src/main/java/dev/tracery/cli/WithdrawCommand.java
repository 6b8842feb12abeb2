package dev.tracery.cli;

import dev.tracery.v1.WithdrawConsumerResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Withdraws tools.
@Command(
    name = "withdraw",
    description = "End the claims of a version of a tool, or of all its versions.",
    footer = {
      "",
      "Example:",
      "  $ tracery consumers withdraw offcputime/0.30.0 --reason 'no longer shipped'"
    })
final class WithdrawCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Parameters(
      paramLabel = "NAME[/VERSION]",
      description = "The tool; without a version, all of its versions.")
  private String tool = "";

  @Option(names = "--reason", paramLabel = "TEXT", description = "Why; kept in the history.")
  private String reason = "";

  WithdrawCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    ToolName name = ToolName.parse(tool);
    return server.ask(
        console,
        client -> {
          WithdrawConsumerResponse withdrawn = client.withdraw(name.name(), name.version(), reason);
          if (output.json()) {
            console.out().line(Json.line(withdrawn));
          } else if (withdrawn.getVersionsCount() == 0) {
            console.out().line(Terms.printable(tool) + ": its claims had ended before");
          } else {
            console
                .out()
                .line(
                    Terms.printable(
                        name.name()
                            + ": withdrew "
                            + String.join(", ", withdrawn.getVersionsList())
                            + ", revision "
                            + withdrawn.getRevision()));
          }
          return ExitStatus.FINE;
        });
  }
}
