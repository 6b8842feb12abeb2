package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.Kernel;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Lists kernels.
@Command(
    name = "kernels",
    description = "List the registered kernels, in the order of their registration.",
    footer = {"", "Example:", "  $ tracery kernels --series debian-amd64"})
final class KernelsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Option(
      names = "--series",
      paramLabel = "SERIES",
      description = "Only the kernels of this series, in its order.")
  private @Nullable String series;

  KernelsCommand(Console console) {
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
          Iterable<Kernel> kernels = client.kernels(series == null ? "" : series, revision.get());
          if (output.json()) {
            kernels.forEach(kernel -> console.out().line(Json.line(kernel)));
          } else {
            write(kernels);
          }
          return ExitStatus.FINE;
        });
  }

  private void write(Iterable<Kernel> kernels) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT,
                Align.LEFT),
            List.of(
                "KERNEL",
                "RELEASE",
                "MACHINE",
                "TARGET",
                "EVENTS",
                "REVISION",
                "REGISTERED",
                "SERIES"));
    for (Kernel kernel : kernels) {
      var identity = kernel.getIdentity();
      table.row(
          kernel.getId(),
          Terms.printable(identity.getRelease()),
          Terms.printable(identity.getMachine()),
          Terms.target(identity.getWordSize(), identity.getByteOrder()),
          Integer.toString(kernel.getEventCount()),
          Long.toString(kernel.getRevision()),
          Terms.time(kernel.getRegisterTime()),
          String.join(", ", kernel.getSeriesList()));
    }
    table.end();
    if (table.isEmpty()) {
      console
          .err()
          .println(
              "tracery: "
                  + (series == null
                      ? "no kernels are registered yet"
                      : "no kernel is in the series " + Terms.printable(series))
                  + revision.suffix());
    }
  }
}
