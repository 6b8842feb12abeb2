package dev.tracery.cli;

import dev.tracery.v1.GetStatusResponse;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what the server is and holds.
@Command(
    name = "status",
    description = "Show what the registry is and holds.",
    footer = {"", "Example:", "  $ tracery status --server localhost:7411"})
final class StatusCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          GetStatusResponse status = client.status();
          if (output.json()) {
            console.out().line(Json.line(status));
          } else {
            write(status);
          }
          return ExitStatus.FINE;
        });
  }

  private void write(GetStatusResponse status) {
    Output out = console.out();
    out.line("version          " + Terms.printable(status.getVersion()));
    out.line("revision         " + Long.toUnsignedString(status.getRevision()));
    out.line("kernels          " + status.getKernelCount());
    out.line("events           " + status.getEventCount());
    out.line("schema versions  " + status.getSchemaVersionCount());
    out.line("layouts          " + status.getLayoutCount());
    out.line("tool versions    " + status.getConsumerVersionCount());
    var seen = status.getObservations();
    out.line(
        "starts seen      "
            + Long.toUnsignedString(seen.getObservedCount())
            + ", dropped "
            + Long.toUnsignedString(seen.getDroppedCount())
            + ", written "
            + Long.toUnsignedString(seen.getWrittenCount())
            + ", waiting "
            + seen.getWaitingCount());
    out.line(
        "store            "
            + Terms.printable(status.getStore())
            + ", "
            + Terms.size(status.getStoreSizeBytes()));
  }
}
