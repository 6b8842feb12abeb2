package dev.tracery.it;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One server with all samples, registered by the command line in the order of their ids, for all
/// tests that only read. It ends with the tests' JVM.
final class SharedRegistry {

  private static final ServerProcess SERVER = start();

  private SharedRegistry() {}

  /// `HOST:PORT`.
  static String address() {
    return SERVER.address();
  }

  /// A new client.
  static TraceryClient client() {
    return TraceryClient.connect(address(), ClientOptions.defaults());
  }

  /// Fills an empty registry with what this one has.
  ///
  /// @param log a file that is not there; it stays
  static void copyTo(TraceryClient empty, Path log) throws IOException {
    try (TraceryClient from = client();
        OutputStream out = Files.newOutputStream(log)) {
      from.exportTo(out, 0);
    }
    try (InputStream in = Files.newInputStream(log)) {
      empty.importFrom(in);
    }
  }

  private static ServerProcess start() {
    try {
      Path data = Files.createTempDirectory("tracery-shared");
      ServerProcess server = ServerProcess.start(data);
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(() -> {
                server.close();
                delete(data);
              }));
      for (String id : SampleKernel.ids()) {
        Outcome.of("register", "--server", server.address(), SampleKernel.tar(id).toString())
            .fine();
      }
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
