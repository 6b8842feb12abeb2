package dev.tracery.cli;

import com.google.rpc.Code;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.v1.GetStatusResponse;
import dev.tracery.v1.ImportResponse;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Fills an empty registry.
@Command(
    name = "import",
    description = {
      "Fill an empty registry from a file that `export` wrote, all or nothing.",
      "",
      "The state hash that it says is the one that `export` said, if the registries are the same."
    },
    footer = {"", "Example:", "  $ tracery import registry.tracery"})
final class ImportCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  @Parameters(paramLabel = "FILE", description = "The export; `-` is standard input.")
  private String file = "";

  ImportCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (!file.equals("-") && Files.isDirectory(Path.of(file))) {
      throw CommandFailure.wrongUse(file + ": is a directory");
    }
    try (InputStream in = open();
        Progress progress = new Progress(console, "imported")) {
      return server.ask(
          console,
          client -> {
            ImportResponse imported = send(client, progress.counting(in));
            if (output.json()) {
              console.out().line(Json.line(imported));
            } else {
              write(imported, ContentHash.ofState(client));
            }
            return ExitStatus.FINE;
          });
    }
  }

  private void write(ImportResponse imported, Optional<GetStatusResponse> state) {
    console
        .out()
        .line(
            "imported "
                + Terms.count(imported.getKernelCount(), "kernel")
                + ", revision "
                + Long.toUnsignedString(imported.getRevision()));
    // Why: somebody may have written to it already, and then it is no copy any more.
    state
        .filter(known -> known.getRevision() == imported.getRevision())
        .ifPresent(known -> console.out().line("state hash  " + Terms.hex(known.getStateHash())));
  }

  private ImportResponse send(TraceryClient client, InputStream in) throws IOException {
    try {
      return client.importFrom(in);
    } catch (TraceryException e) {
      if (e.code() == Code.DATA_LOSS) {
        // Why: elsewhere it is the server's data that is damaged; here it is this input.
        throw CommandFailure.badInput(file + ": " + e.getMessage(), e.diagnostics());
      }
      throw e;
    }
  }

  private InputStream open() throws IOException {
    return file.equals("-")
        ? console.in()
        : new BufferedInputStream(Files.newInputStream(Path.of(file)), 1 << 16);
  }
}
