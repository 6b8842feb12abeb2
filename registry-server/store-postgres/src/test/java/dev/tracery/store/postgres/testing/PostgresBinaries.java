package dev.tracery.store.postgres.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// Where a package has put PostgreSQL's programs.
final class PostgresBinaries {

  private static final Path DEBIAN = Path.of("/usr/lib/postgresql");

  private PostgresBinaries() {}

  /// The directory with `initdb` and `postgres` in it: the newest of Debian's, else what
  /// `pg_config` says, else the one of the path.
  static Path directory() {
    return candidates().stream()
        .filter(directory -> Files.isExecutable(directory.resolve("postgres")))
        .filter(directory -> Files.isExecutable(directory.resolve("initdb")))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "PostgreSQL is missing: install it (Debian: apt-get install postgresql); looked in "
                    + candidates()));
  }

  private static List<Path> candidates() {
    List<Path> candidates = new ArrayList<>(debian());
    try {
      candidates.add(Path.of(Commands.run(List.of("pg_config", "--bindir")).strip()));
    } catch (IllegalStateException e) {
      // Why ignored: it comes with a package for developers, and the path is looked at next.
    }
    for (String directory : System.getenv().getOrDefault("PATH", "").split(File.pathSeparator)) {
      candidates.add(Path.of(directory));
    }
    return candidates;
  }

  private static List<Path> debian() {
    if (!Files.isDirectory(DEBIAN)) {
      return List.of();
    }
    try (Stream<Path> versions = Files.list(DEBIAN)) {
      return versions
          .filter(version -> version.getFileName().toString().matches("[0-9]+"))
          .sorted(
              Comparator.comparing((Path version) -> Integer.valueOf(version.getFileName() + ""))
                  .reversed())
          .map(version -> version.resolve("bin"))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
