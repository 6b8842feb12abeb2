package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.Claim;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists tools and their claims.
@Command(
    name = "consumers",
    description = {
      "List the tools that depend on events: those that were declared, and those that were seen.",
      "",
      "docs/consumers.md says how to write down what a tool needs."
    },
    footer = {
      "",
      "Example:",
      "  $ tracery consumers declare offcputime.yaml --supersedes all",
      "  $ tracery consumers --filter 'off*'",
      "  $ tracery consumers show offcputime"
    })
final class ConsumersCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      description = "Only tools whose name matches; `*` is any run, `?` one character.")
  private String filter = "";

  @Option(names = "--all", description = "Claims that have ended, too.")
  private boolean all;

  private ConsumersCommand(Console console) {
    this.console = console;
  }

  /// With its subcommands.
  static CommandLine line(Console console) {
    CommandLine line = new CommandLine(new ConsumersCommand(console));
    line.addSubcommand(new ShowConsumerCommand(console));
    line.addSubcommand(new DeclareCommand(console));
    line.addSubcommand(new WithdrawCommand(console));
    return line;
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          Iterable<Claim> claims = client.consumers(filter, all, revision.get());
          if (output.json()) {
            claims.forEach(claim -> console.out().line(Json.line(claim)));
          } else {
            write(claims);
          }
          return ExitStatus.FINE;
        });
  }

  private void write(Iterable<Claim> claims) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT),
            List.of("CONSUMER", "VERSION", "CLAIM", "STATE", "LAST SEEN", "USES"));
    for (Claim claim : claims) {
      table.row(
          Terms.printable(claim.getConsumer().getName()),
          Terms.printable(claim.getConsumer().getVersion()),
          ClaimText.origin(claim),
          ClaimText.state(claim),
          ClaimText.lastSeen(claim),
          ClaimText.accesses(claim.getConsumer()));
    }
    table.end();
    if (table.isEmpty()) {
      console
          .err()
          .println(
              "tracery: no tool "
                  + (filter.isEmpty() ? "" : "that matches " + Terms.printable(filter) + " ")
                  + "depends on anything"
                  + revision.suffix()
                  + (all ? "" : "; --all lists claims that have ended"));
    }
  }
}
