package dev.tracery.cli;

import dev.tracery.v1.GetStatusResponse;
import java.io.IOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Optional;
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
      "The file appears when it is whole. What it is of is said on standard error: the revision,",
      "the file's SHA-256, and a hash of the state, which `import` says of the registry that it",
      "fills, and `status --state-hash` of any."
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
          // Why: a registry that grows meanwhile is exported as it was when it was hashed.
          Optional<GetStatusResponse> state =
              revision.get() == 0 ? ContentHash.ofState(client) : Optional.empty();
          long at = state.map(GetStatusResponse::getRevision).orElse(revision.get());
          MessageDigest digest = ContentHash.sha256();
          if (file.equals("-")) {
            client.exportTo(new DigestOutputStream(console.out().bytes(), digest), at);
          } else {
            long size =
                AtomicFile.write(
                    Path.of(file),
                    out -> {
                      try (Progress progress = new Progress(console, "exported")) {
                        return client.exportTo(
                            new DigestOutputStream(progress.counting(out), digest), at);
                      }
                    });
            console.err().println("exported " + Terms.size(size) + " to " + file);
          }
          if (at != 0) {
            console.err().println("revision    " + at);
          }
          console.err().println("sha256      " + ContentHash.hex(digest));
          state.ifPresent(
              known -> console.err().println("state hash  " + Terms.hex(known.getStateHash())));
          return ExitStatus.FINE;
        });
  }
}
