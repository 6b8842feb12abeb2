package dev.tracery.cli;

import com.google.protobuf.Timestamp;
import dev.tracery.cli.Table.Align;
import dev.tracery.v1.GetStatusRequest;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ServerStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Says what the server is and holds.
@Command(
    name = "status",
    description = {
      "Show what the registry is and holds, and which servers it has.",
      "",
      "A server that cannot reach its store says so, and since when, and is an answer, too (exit",
      "status 0). LAG is how many revisions a server is behind; * is the one that answers."
    },
    footer = {"", "Example:", "  $ tracery status --server localhost:7411"})
final class StatusCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Option(
      names = "--state-hash",
      description =
          "Also show a hash of what the server has in memory. Servers of one revision have the same"
              + " one, and so has a registry that was imported.")
  private boolean stateHash;

  StatusCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          GetStatusResponse status =
              client.status(GetStatusRequest.newBuilder().setStateHash(stateHash).build());
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
            + Terms.size(status.getStoreSizeBytes())
            + reachability(status));
    if (status.getSnapshotRevision() != 0) {
      out.line("snapshot         revision " + Long.toUnsignedString(status.getSnapshotRevision()));
    }
    if (!status.getStateHash().isEmpty()) {
      out.line("state hash       " + Terms.hex(status.getStateHash()));
    }
    if (status.getServersCount() > 0) {
      out.line("");
      write(status.getServersList());
    }
  }

  /// Nothing where everything is as it should be.
  private static String reachability(GetStatusResponse status) {
    var store = status.getStoreStatus();
    if (!status.hasStoreStatus() || store.getReachable()) {
      return "";
    }
    String problem = Terms.printable(store.getProblem());
    return "; cannot be reached"
        + (problem.isEmpty() ? "" : ": " + problem)
        + "; what is answered was known "
        + ago(Duration.ofMillis(store.getAgeMillis()))
        + ", and writes are refused";
  }

  private void write(List<ServerStatus> servers) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT,
                Align.LEFT),
            List.of("", "SERVER", "VERSION", "REVISION", "LAG", "HEARD OF", "STARTED"));
    Instant now = Instant.now();
    for (ServerStatus one : servers) {
      table.row(
          one.getSelf() ? "*" : " ",
          Terms.printable(one.getAddress()),
          Terms.printable(one.getVersion()),
          Long.toUnsignedString(one.getRevision()),
          Long.toUnsignedString(one.getLag()),
          ago(Duration.between(instant(one.getHeard()), now)),
          Terms.time(one.getStarted()));
    }
    table.end();
  }

  private static Instant instant(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }

  /// `now` for less than a second, which clocks may differ by.
  private static String ago(Duration duration) {
    long seconds = duration.toSeconds();
    return seconds < 1 ? "now" : seconds + " s ago";
  }
}
