package dev.tracery.launcher.dist;

import dev.tracery.launcher.Distribution;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Completes a distribution into which Maven has copied the jars and files.
public final class DistributionFinisher {
  private DistributionFinisher() {}

  /// @param arguments the distribution, the launcher's jar, whether to make AOT caches, and a trace
  ///   with which they are trained
  public static void main(String[] arguments) throws IOException, InterruptedException {
    var distribution = new Distribution(Path.of(arguments[0]));
    Path launcher = Path.of(arguments[1]);
    Files.copy(
        launcher,
        distribution.home().resolve("lib").resolve(launcher.getFileName()),
        StandardCopyOption.REPLACE_EXISTING);
    Path script = distribution.script();
    if (!script.toFile().setExecutable(true)) {
      throw new IOException("cannot make " + script + " executable");
    }
    List<String> exported = ExportedPackages.of(distribution.libraries());
    Files.write(distribution.exportedPackages(), exported);
    if (Boolean.parseBoolean(arguments[2])) {
      try {
        new AotTraining(distribution, Path.of(arguments[3])).run();
      } catch (IOException e) {
        System.err.println("no AOT cache, so start-up takes longer: " + e.getMessage());
      }
    }
  }
}
