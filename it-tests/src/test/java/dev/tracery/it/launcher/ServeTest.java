package dev.tracery.it.launcher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.Distribution;
import dev.tracery.it.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServeTest {
  private final Path data;

  ServeTest(@TempDir Path directory) {
    data = directory.resolve("data");
  }

  /// A process as it ended.
  ///
  /// @param status 128 and the signal's number if a signal ended it
  private record Ended(int status, String output, String errors) {}

  /// Runs `tracery serve` to its end, without a terminal.
  private Ended serve(String... arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("serve"));
    command.addAll(List.of(arguments));
    Path output = data.resolveSibling("output");
    Path errors = data.resolveSibling("errors");
    Process process =
        Distribution.command(command)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile())
            .start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("tracery serve does not end");
    }
    return new Ended(process.exitValue(), Files.readString(output), Files.readString(errors));
  }

  private static long kernels(ServerProcess server) {
    try (var client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      return client.status().getKernelCount();
    }
  }

  /// A refusal is one line on standard error and nothing on standard output.
  private static void assertFails(int status, String line, Ended ended) {
    assertEquals(new Ended(status, "", "tracery: " + line + "\n"), ended);
  }

  private static void assertFailsWith(String pattern, Ended ended) {
    assertEquals(new Ended(3, "", ended.errors()), ended);
    assertLinesMatch(List.of(pattern), ended.errors().lines().toList());
  }

  @Test
  void answersWhenItSaysThatItListensAndAsksNothingWithoutATerminal()
      throws IOException, InterruptedException {
    try (var server = ServerProcess.start(data)) {
      assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(data)));
      assertEquals(0, kernels(server));
      assertEquals(143, server.stop());
    }
  }

  @Test
  void startsAgainOnItsDataAfterSigtermAndAfterSigkill() throws InterruptedException {
    try (var server = ServerProcess.start(data)) {
      assertEquals(143, server.stop());
    }
    try (var server = ServerProcess.start(data)) {
      server.kill();
    }
    try (var server = ServerProcess.start(data)) {
      assertEquals(0, kernels(server));
    }
  }

  @Test
  void refusesASecondServerOnTheSameDataAndTouchesNothing()
      throws IOException, InterruptedException {
    try (var first = ServerProcess.start(data)) {
      Object cache = Files.getAttribute(data.resolve("framework-cache"), "unix:ino");
      assertFailsWith(
          "tracery: .* is in use by another registry \\(process \\d+\\): stop that one, or choose"
              + " another directory with --data",
          serve("--listen", "localhost:0", "--data", data.toString()));
      assertEquals(cache, Files.getAttribute(data.resolve("framework-cache"), "unix:ino"));
      assertEquals(0, kernels(first));
    }
  }

  @Test
  void saysThatTheAddressIsInUse() throws IOException, InterruptedException {
    try (var other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String address = "127.0.0.1:" + other.getLocalPort();

      assertFailsWith("tracery: .*in use.*", serve("--listen", address, "--data", data.toString()));
    }
  }

  @Test
  void saysThatTheDataDirectoryIsAFile() throws IOException, InterruptedException {
    Files.writeString(data, "");

    assertFails(
        3,
        "the data directory " + data + " is a file; choose another with --data",
        serve("--listen", "localhost:0", "--data", data.toString()));
  }

  @Test
  void saysThatTheDatabaseIsNone() throws IOException, InterruptedException {
    Files.createDirectories(data);
    byte[] other = "this is no database\n".repeat(1000).getBytes(StandardCharsets.UTF_8);
    Files.write(data.resolve("registry.db"), other);

    assertFailsWith(
        "tracery: .*registry.db.*", serve("--listen", "localhost:0", "--data", data.toString()));
    assertArrayEquals(other, Files.readAllBytes(data.resolve("registry.db")));
  }

  @Test
  void refusesWrongUse() throws IOException, InterruptedException {
    assertFails(2, "unknown argument '--port' (see tracery serve --help)", serve("--port", "7411"));
  }

  @Test
  void saysWhatIsMissingForTlsAndForTokens() throws IOException, InterruptedException {
    assertFails(
        3,
        "there is no file /none for the TLS certificate",
        serve("--listen=localhost:0", "--data=" + data, "--tls-cert=/none", "--tls-key=/none"));
    Path tokens = data.resolveSibling("tokens");
    Files.writeString(tokens, "0123456789abcdef\n");
    Files.setPosixFilePermissions(tokens, PosixFilePermissions.fromString("rw-------"));
    assertFails(
        3,
        "tokens would cross the network in plain text: give a certificate with --tls-cert and"
            + " --tls-key, or listen on localhost",
        serve("--listen=0.0.0.0:0", "--data=" + data, "--token-file=" + tokens));
  }

  @Test
  void readsItsSettingsFromAFile() throws IOException, InterruptedException {
    Path config = data.resolveSibling("own.properties");
    Files.writeString(config, "tracery.start.timeout-seconds = soon\n");

    assertFails(
        2,
        "tracery.start.timeout-seconds = 'soon': expected a whole number from 1 on",
        serve("--config", config.toString(), "--data", data.toString()));
  }

  @Test
  void registersTheSamplesWithoutAsking() throws IOException, InterruptedException {
    long samples;
    try (var directories = Files.list(Distribution.HOME.resolve("samples"))) {
      samples = directories.filter(Files::isDirectory).count();
    }
    try (var server = ServerProcess.start(data, "localhost:0", "--with-samples")) {
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(15);
      while (kernels(server) < samples && System.nanoTime() < deadline) {
        Thread.sleep(200);
      }
      assertEquals(samples, kernels(server));
    }
  }
}
