package dev.tracery.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Says how the registry is started: not by this program, but by the script around it, which finds
/// a JDK and the server's files.
@Command(
    name = "serve",
    description = {
      "Start the registry on localhost:7411.",
      "",
      "This is done by the `tracery` script of the source tree or of a distribution, which builds",
      "what is not built. The registry prints `listening on HOST:PORT` when it is ready and runs",
      "until it is interrupted. `--with-samples` registers the kernels that ship with the project."
    },
    footer = {"", "Example:", "  $ ./tracery serve --with-samples"})
final class ServeCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    throw CommandFailure.wrongUse(
        "the registry is started by the tracery script: run `./tracery serve` in the folder where"
            + " it is");
  }
}
