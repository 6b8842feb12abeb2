package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.KernelEvent;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Lists events.
@Command(
    name = "events",
    description = {
      "List the events of a kernel, or of all kernels with their latest schema version.",
      "",
      "A kernel is named by its id, the beginning of it (4 digits or more), or its release."
    },
    footer = {"", "Example:", "  $ tracery events 6.1.0-56-amd64 --filter 'sched/*'"})
final class EventsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(arity = "0..1", paramLabel = "KERNEL", description = "Default: all kernels.")
  private String kernel = "";

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      description = "Only events whose `system/name` matches; `*` is any run, `?` one character.")
  private String filter = "";

  EventsCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          Iterable<KernelEvent> events = client.events(kernel, filter, revision.get());
          if (output.json()) {
            events.forEach(event -> console.out().line(Json.line(event)));
          } else if (kernel.isEmpty()) {
            writeLineages(events);
          } else {
            writeEvents(events);
          }
          return ExitStatus.FINE;
        });
  }

  private void writeLineages(Iterable<KernelEvent> events) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(Align.LEFT, Align.RIGHT),
            List.of("EVENT", "VERSION"));
    for (KernelEvent event : events) {
      table.row(event.getEvent(), Integer.toString(event.getSchemaVersion()));
    }
    table.end();
    tellIfEmpty(table);
  }

  private void writeEvents(Iterable<KernelEvent> events) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT),
            List.of("EVENT", "ID", "VERSION", "LAYOUT"));
    for (KernelEvent event : events) {
      table.row(
          event.getEvent(),
          Integer.toString(event.getId()),
          Integer.toString(event.getSchemaVersion()),
          Terms.hex(event.getLayoutHash()));
    }
    table.end();
    tellIfEmpty(table);
  }

  private void tellIfEmpty(Table table) {
    if (table.isEmpty()) {
      console
          .err()
          .println(
              "tracery: "
                  + (filter.isEmpty()
                      ? kernel.isEmpty()
                          ? "no events are registered yet" + revision.suffix()
                          : "the kernel has no events"
                      : "no event matches "
                          + Terms.printable(filter)
                          + revision.suffix()
                          + "; a filter matches system/name, such as '*/sched_switch'"));
    }
  }
}
