package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.FindUsesRequest;
import dev.tracery.v1.FindUsesResponse;
import dev.tracery.v1.Use;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says who uses an event or a field.
@Command(
    name = "who-uses",
    description = {
      "Say who uses an event or a field of it: ask before you change a tracepoint.",
      "",
      "SERIES are those whose latest kernel has the event."
    },
    footer = {
      "",
      "Example:",
      "  $ tracery who-uses sched/sched_switch.prev_state",
      "  $ tracery who-uses 'block/*'"
    })
final class WhoUsesCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(
      paramLabel = "EVENT[.FIELD]",
      description = "`system/name`, or a glob over it, and perhaps one of its fields.")
  private String subject = "";

  @Option(names = "--all", description = "Claims that have ended, too.")
  private boolean all;

  WhoUsesCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    int slash = subject.indexOf('/');
    // No event of a kernel has a dot in its name.
    int dot = slash < 0 ? -1 : subject.indexOf('.', slash);
    String event = dot < 0 ? subject : subject.substring(0, dot);
    String field = dot < 0 ? "" : subject.substring(dot + 1);
    if (slash <= 0 || event.endsWith("/") || (dot >= 0 && field.isEmpty())) {
      throw CommandFailure.wrongUse(
          "expected system/event or system/event.field but found '"
              + Terms.printable(subject)
              + "'");
    }
    return server.ask(
        console,
        client -> {
          FindUsesResponse uses =
              client.uses(
                  FindUsesRequest.newBuilder()
                      .setEvent(event)
                      .setField(field)
                      .setIncludeEnded(all)
                      .setAtRevision(revision.get())
                      .build());
          if (output.json()) {
            uses.getUsesList().forEach(use -> console.out().line(Json.line(use)));
          } else {
            write(uses);
          }
          if (uses.getUsesCount() < uses.getUseCount()) {
            console
                .err()
                .println(
                    "tracery: the first "
                        + uses.getUsesCount()
                        + " of "
                        + uses.getUseCount()
                        + " uses; name an event or a field to see the others");
          }
          return ExitStatus.FINE;
        });
  }

  private void write(FindUsesResponse uses) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(
                Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT),
            List.of("EVENT", "CONSUMER", "ACCESS", "NEED", "CLAIM", "LAST SEEN", "SERIES"));
    for (Use use : uses.getUsesList()) {
      String state = ClaimText.state(use.getClaim());
      table.row(
          Terms.printable(use.getUse().getEvent()),
          Terms.printable(
              use.getClaim().getConsumer().getName()
                  + "/"
                  + use.getClaim().getConsumer().getVersion()),
          ClaimText.access(use.getUse().getAccess()),
          (use.getOptional() ? "optional" : "required")
              + (use.getHasAlternatives() ? ", or another" : ""),
          ClaimText.origin(use.getClaim()) + (state.equals("live") ? "" : ", " + state),
          ClaimText.lastSeen(use.getClaim()),
          String.join(", ", use.getSeriesList()));
    }
    table.end();
    if (table.isEmpty()) {
      console
          .err()
          .println(
              "tracery: nobody uses "
                  + Terms.printable(subject)
                  + revision.suffix()
                  + ", as far as the registry knows");
    }
  }
}
