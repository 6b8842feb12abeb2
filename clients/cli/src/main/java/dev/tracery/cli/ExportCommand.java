package dev.tracery.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Writes the registry's log to a file.
@Command(
    name = "export",
    description = {
      "Write everything that the registry holds to a file, which `import` reads.",
      "",
      "The file appears when it is whole."
    },
    footer = {"", "Example:", "  $ tracery export registry.tracery"})
final class ExportCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(paramLabel = "FILE", description = "Where to; `-` is standard output.")
  private String file = "";

  ExportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (file.equals("-") && console.outIsTerminal()) {
      throw CommandFailure.wrongUse("an export is not for a terminal: redirect standard output");
    }
    return server.ask(
        console,
        client -> {
          if (file.equals("-")) {
            client.exportTo(console.out().bytes(), revision.get());
          } else {
            long size =
                AtomicFile.write(
                    Path.of(file),
                    out -> {
                      try (Progress progress = new Progress(console, "exported")) {
                        return client.exportTo(progress.counting(out), revision.get());
                      }
                    });
            console.err().println("exported " + Terms.size(size) + " to " + file);
          }
          return ExitStatus.FINE;
        });
  }
}
