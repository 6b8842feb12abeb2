package dev.tracery.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The directory that a build makes and `tracery serve` runs from.
///
/// | path | holds |
/// |---|---|
/// | `bin/tracery` | the script that runs the server or the command line |
/// | `bundles/` | what is started in Felix |
/// | `lib/` | the class path: the launcher, Felix, and the libraries that the bundles use |
/// | `lib/exported-packages` | what of the class path the bundles may import |
/// | `cli/lib/` | the command line |
/// | `conf/tracery.properties` | every setting with its default |
/// | `examples/` | bundles that a person may install |
/// | `samples/` | the kernels that ship with the project |
public record Distribution(Path home) {

  /// The bundles, in the order of their names.
  public List<Path> bundles() {
    return jars(home.resolve("bundles"));
  }

  /// The server's class path, in the order in which the start script gives it.
  public List<Path> libraries() {
    return jars(home.resolve("lib"));
  }

  /// Runs the server or the command line.
  public Path script() {
    return home.resolve("bin/tracery");
  }

  /// A line for each package: `name;version="1.2.3"`.
  public Path exportedPackages() {
    return home.resolve("lib/exported-packages");
  }

  public Path settings() {
    return home.resolve("conf/tracery.properties");
  }

  public Path samples() {
    return home.resolve("samples");
  }

  private static List<Path> jars(Path directory) {
    try (var files = Files.list(directory)) {
      return files.filter(file -> file.toString().endsWith(".jar")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
