package dev.tracery.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/// Runs several commands in one process, so that one AOT cache is trained with all of them.
@Command(
    name = "batch",
    hidden = true,
    description = {
      "Run the commands on standard input, one a line, their words separated by tabs. The build",
      "trains the AOT cache with it."
    },
    footer = {"", "Example:", "  $ printf 'kernels\\nevents\\n' | tracery batch"})
final class BatchCommand implements Callable<Integer> {

  private final Console console;

  BatchCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(console.in(), StandardCharsets.UTF_8));
    int worst = ExitStatus.FINE;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      worst = Math.max(worst, TraceryCommand.run(console, line.split("\t")));
    }
    return worst;
  }
}
