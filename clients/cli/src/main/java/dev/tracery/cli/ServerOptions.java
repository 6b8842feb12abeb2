package dev.tracery.cli;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Which registry a command asks.
final class ServerOptions {

  private static final String DEFAULT_ADDRESS = "localhost:7411";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description =
          "The registry. Default: the environment variable TRACERY_SERVER, or localhost:7411.")
  private @Nullable String server;

  /// The options of a command that was told where the registry is.
  ///
  /// @param server empty for where other commands ask
  static ServerOptions of(String server) {
    ServerOptions options = new ServerOptions();
    options.server = server.isEmpty() ? null : server;
    return options;
  }

  /// A question to a registry, and the exit status of its answer.
  @FunctionalInterface
  interface Question {
    int ask(TraceryClient client) throws IOException;
  }

  /// Asks; the server's refusals and failures become [CommandFailure]s.
  int ask(Console console, Question question) throws IOException {
    try (TraceryClient client = connect(console)) {
      return question.ask(client);
    } catch (TraceryException e) {
      throw CommandFailure.of(e, address(console));
    }
  }

  private TraceryClient connect(Console console) {
    try {
      return TraceryClient.connect(
          address(console), ClientOptions.defaults().withUserAgent("tracery-cli/" + Version.TEXT));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(
          (server == null ? "TRACERY_SERVER: " : "--server: ") + e.getMessage());
    }
  }

  private String address(Console console) {
    return server != null ? server : console.variable("TRACERY_SERVER").orElse(DEFAULT_ADDRESS);
  }
}
