package dev.tracery.cli;

import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.GiveWaiverResponse;
import dev.tracery.v1.Waiver;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Waives a break.
@Command(
    name = "waive",
    description = {
      "Accept a break, by name and with a reason, for ever on record.",
      "",
      "What is not named matches everything: without --consumer the break of any consumer, without",
      "--change any kind of change, without --kernel any candidate of the series. A waiver cannot be",
      "taken back."
    },
    footer = {
      "",
      "Example:",
      "  $ tracery waive prev-state-2026 --series debian-amd64 --event sched/sched_switch.prev_state \\",
      "      --reason 'old-tool is gone from our images' --by ops@example.org"
    })
final class WaiveCommand implements Callable<Integer> {

  private static final String KIND = "CHANGE_KIND_";

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Parameters(paramLabel = "NAME", description = "What reports call the waiver.")
  private String name = "";

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      required = true,
      description = "The series that the break is accepted in.")
  private String series = "";

  @Option(
      names = "--event",
      paramLabel = "EVENT[.FIELD]",
      required = true,
      description = "The event, system/name, or a field of it.")
  private String event = "";

  @Option(
      names = "--consumer",
      paramLabel = "NAME",
      description = "Only the breaks of this consumer, whatever its version.")
  private @Nullable String consumer;

  @Option(
      names = "--change",
      paramLabel = "KIND",
      description = "Only this kind of change: field_removed, field_symbols, print_format.")
  private @Nullable String change;

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      description = "Only for this candidate: its id or release.")
  private @Nullable String kernel;

  @Option(
      names = "--reason",
      paramLabel = "REASON",
      required = true,
      description = "Why the break is accepted.")
  private String reason = "";

  @Option(names = "--by", paramLabel = "WHO", required = true, description = "Who accepts it.")
  private String author = "";

  WaiveCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Waiver.Builder waiver =
        Waiver.newBuilder()
            .setName(name)
            .setSeries(series)
            .setReason(reason)
            .setAuthor(author)
            .setConsumer(consumer == null ? "" : consumer)
            .setKernel(kernel == null ? "" : kernel);
    int dot = event.indexOf('.', event.indexOf('/') + 1);
    waiver.setEvent(dot < 0 ? event : event.substring(0, dot));
    if (dot >= 0) {
      if (dot == event.length() - 1) {
        throw CommandFailure.wrongUse(
            "--event: expected a field behind the dot of " + Terms.printable(event));
      }
      waiver.setField(event.substring(dot + 1));
    }
    if (change != null) {
      waiver.setKind(kind(change));
    }
    return server.ask(
        console,
        client -> {
          GiveWaiverResponse given = client.waive(waiver.build());
          console
              .out()
              .line(
                  output.json()
                      ? Json.line(given)
                      : "waiver "
                          + Terms.printable(given.getWaiver().getName())
                          + " given at revision "
                          + Long.toUnsignedString(given.getRevision()));
          return ExitStatus.FINE;
        });
  }

  private static ChangeKind kind(String text) {
    return ServerEnums.read(ChangeKind.class, KIND, text)
        .orElseThrow(() ->
            CommandFailure.wrongUse(
                "--change: there is no kind of change "
                    + Terms.printable(text)
                    + "; there are "
                    + String.join(", ", ServerEnums.names(ChangeKind.class, KIND))));
  }
}
