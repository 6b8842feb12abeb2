package dev.tracery.store.postgres.testing;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Runs programs, as a user whom PostgreSQL accepts: it refuses to run as root.
final class Commands {

  private static final boolean ROOT = "root".equals(System.getProperty("user.name"));
  private static final String USER = ROOT ? unprivilegedUser() : "";

  private Commands() {}

  /// What to put before a command so that it runs unprivileged; replaces itself by the command.
  static List<String> unprivileged(List<String> command) {
    if (!ROOT) {
      return command;
    }
    List<String> all = new ArrayList<>(List.of("setpriv", "--reuid", USER, "--regid"));
    all.add(run(List.of("id", "-g", USER)));
    all.addAll(List.of("--clear-groups", "--"));
    all.addAll(command);
    return all;
  }

  /// Gives a file or a directory with all that is in it to the unprivileged user.
  static void giveAway(Path path) {
    if (ROOT) {
      run(List.of("chown", "-R", USER + ":", path.toString()));
    }
  }

  /// Makes a directory that the unprivileged user can reach.
  static Path reachableDirectory(String prefix) throws IOException {
    for (Path parent : List.of(Path.of(System.getProperty("java.io.tmpdir")), Path.of("/tmp"))) {
      Path directory = Files.createTempDirectory(parent, prefix);
      giveAway(directory);
      try {
        run(unprivileged(List.of("test", "-w", directory.toString())));
        return directory;
      } catch (IllegalStateException e) {
        Files.delete(directory);
      }
    }
    throw new IllegalStateException(
        "neither java.io.tmpdir nor /tmp can be reached by an unprivileged user");
  }

  static String run(List<String> command) {
    return run(command, Map.of());
  }

  /// What the command prints.
  ///
  /// @throws IllegalStateException with all that it printed if it fails
  static String run(List<String> command, Map<String, String> environment) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Why: the programs warn when they cannot look into the directory that they are started in.
    builder.directory(Path.of("/").toFile());
    builder.environment().put("LC_ALL", "C");
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int status = process.waitFor();
      if (status != 0) {
        throw new IllegalStateException(command + " ended with " + status + ": " + output);
      }
      return output.strip();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(command + " cannot be run", e);
    }
  }

  private static String unprivilegedUser() {
    for (String user : List.of("postgres", "nobody")) {
      try {
        run(List.of("id", "-u", user));
        return user;
      } catch (IllegalStateException e) {
        // Why ignored: the next one is tried.
      }
    }
    throw new IllegalStateException("this machine has neither a user postgres nor nobody");
  }
}
