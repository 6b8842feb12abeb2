package dev.tracery.client.conformance;

import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// The data of `clients/conformance`.
public final class Vectors {

  private static final Path FOLDER = Path.of("..", "conformance");

  private Vectors() {}

  /// Fills a message from its file.
  public static <B extends Message.Builder> B read(String file, B into) {
    try (Reader in = Files.newBufferedReader(FOLDER.resolve(file))) {
      JsonFormat.parser().merge(in, into);
      return into;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
