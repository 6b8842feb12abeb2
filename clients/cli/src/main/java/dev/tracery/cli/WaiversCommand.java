package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.Waiver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists waivers.
@Command(
    name = "waivers",
    description = "List the breaks that were accepted, in the order in which they were.",
    footer = {"", "Example:", "  $ tracery waivers --series debian-amd64"})
final class WaiversCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Option(names = "--series", paramLabel = "SERIES", description = "Only those of this series.")
  private @Nullable String series;

  WaiversCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (series != null && series.isEmpty()) {
      throw CommandFailure.wrongUse("--series: expected a name but found \"\"");
    }
    return server.ask(
        console,
        client -> {
          Iterable<Waiver> waivers = client.waivers(series == null ? "" : series, revision.get());
          if (output.json()) {
            waivers.forEach(waiver -> console.out().line(Json.line(waiver)));
          } else {
            write(waivers);
          }
          return ExitStatus.FINE;
        });
  }

  private void write(Iterable<Waiver> waivers) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(
                Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT, Align.LEFT),
            List.of("WAIVER", "SERIES", "EVENT", "ONLY", "GIVEN", "BY", "REASON"));
    for (Waiver waiver : waivers) {
      table.row(
          Terms.printable(waiver.getName()),
          Terms.printable(waiver.getSeries()),
          Terms.printable(
              waiver.getEvent() + (waiver.getField().isEmpty() ? "" : "." + waiver.getField())),
          Terms.printable(only(waiver)),
          Terms.time(waiver.getCreateTime()),
          Terms.printable(waiver.getAuthor()),
          Terms.printable(waiver.getReason()));
    }
    table.end();
    if (table.isEmpty()) {
      console
          .err()
          .println(
              "tracery: no breaks are waived"
                  + (series == null ? "" : " in the series " + Terms.printable(series))
                  + revision.suffix());
    }
  }

  private static String only(Waiver waiver) {
    List<String> parts = new ArrayList<>();
    if (!waiver.getConsumer().isEmpty()) {
      parts.add(waiver.getConsumer());
    }
    if (waiver.getKind() != ChangeKind.CHANGE_KIND_UNSPECIFIED) {
      parts.add(ServerEnums.write("CHANGE_KIND_", waiver.getKind()));
    }
    if (!waiver.getKernel().isEmpty()) {
      parts.add(waiver.getKernel());
    }
    return parts.isEmpty() ? "-" : String.join(", ", parts);
  }
}
