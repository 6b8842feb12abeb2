package dev.tracery.it;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TlsOptions;
import dev.tracery.client.TraceryClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One server that speaks TLS and wants a token, with what [SharedRegistry] has. It ends with the
/// tests' JVM.
final class SharedTlsRegistry {

  private static final Path FOLDER = folder();
  private static final ServerFiles FILES = files();
  private static final ServerProcess SERVER = start();

  private SharedTlsRegistry() {}

  /// `HOST:PORT`.
  static String address() {
    return SERVER.address();
  }

  /// The PEM file of the authority that its certificate is from.
  static Path ca() {
    return FILES.ca();
  }

  /// The token that it wants.
  static String token() {
    return ServerFiles.TOKEN;
  }

  /// A new client.
  static TraceryClient client() {
    return TraceryClient.connect(SERVER.address(), options());
  }

  private static ClientOptions options() {
    return ClientOptions.defaults()
        .withTls(TlsOptions.defaults().withAuthorities(FILES.ca()))
        .withToken(ServerFiles.TOKEN);
  }

  private static Path folder() {
    try {
      return Files.createTempDirectory("tracery-tls");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerFiles files() {
    try {
      return ServerFiles.make(FOLDER.resolve("files"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ServerProcess start() {
    ServerProcess server =
        ServerProcess.start(FOLDER.resolve("data"), "localhost:0", FILES.options());
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> {
              server.close();
              delete();
            }));
    try (TraceryClient to = TraceryClient.connect(server.address(), options())) {
      SharedRegistry.copyTo(to, FOLDER.resolve("log"));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete() {
    try {
      Folders.delete(FOLDER);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
