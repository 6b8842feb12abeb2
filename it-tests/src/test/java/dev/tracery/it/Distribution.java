package dev.tracery.it;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The distribution that the build packages.
public final class Distribution {

  /// Its folder.
  public static final Path HOME =
      Path.of("..", "registry-server", "launcher", "target", "dist").toAbsolutePath().normalize();

  /// An input that is at its end.
  static final File NOTHING = new File("/dev/null");

  private Distribution() {}

  /// The command `tracery` with these arguments, run by the JDK that runs this.
  ///
  /// @throws IllegalStateException if the distribution was not built
  public static ProcessBuilder command(List<String> arguments) {
    Path script = HOME.resolve("bin").resolve("tracery");
    if (!Files.isExecutable(script)) {
      throw new IllegalStateException(
          "There is no distribution in " + HOME + "; build it: mvn package -pl it-tests -am");
    }
    List<String> command = new ArrayList<>(List.of(script.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().remove("TRACERY_JAVA_OPTS");
    return builder;
  }
}
