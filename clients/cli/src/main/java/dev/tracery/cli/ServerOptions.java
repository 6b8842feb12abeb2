package dev.tracery.cli;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.ServerAddress;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Which registry a command asks.
final class ServerOptions {

  private static final String DEFAULT_ADDRESS = "localhost:7411";

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description =
          "The registry; several addresses of it with commas between them. Default: the environment"
              + " variable TRACERY_SERVER, or localhost:7411.")
  private @Nullable String server;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  /// The options of a command that was told where the registry is.
  ///
  /// @param server empty for where other commands ask
  static ServerOptions of(String server, ConnectionOptions connection) {
    ServerOptions options = new ServerOptions();
    options.connection = connection;
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
    List<ServerAddress> addresses;
    try {
      addresses = ServerAddress.parseAll(address(console));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(
          (server == null ? "TRACERY_SERVER: " : "--server: ") + e.getMessage());
    }
    ClientOptions options = connection.options(console);
    try {
      return TraceryClient.connect(addresses, options);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse(String.valueOf(e.getMessage()));
    }
  }

  private String address(Console console) {
    return server != null ? server : console.variable("TRACERY_SERVER").orElse(DEFAULT_ADDRESS);
  }
}
