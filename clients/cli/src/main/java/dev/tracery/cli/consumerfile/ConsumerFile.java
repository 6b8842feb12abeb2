package dev.tracery.cli.consumerfile;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.Consumer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A file that says what a tool needs.
///
/// @param consumer as the registry takes it; empty if the file has errors
/// @param diagnostics what is wrong with it, with line and column
public record ConsumerFile(Optional<Consumer> consumer, List<Diagnostic> diagnostics) {

  /// The largest file, in bytes.
  public static final int MAX_BYTES = 1 << 20;

  public ConsumerFile {
    diagnostics = List.copyOf(diagnostics);
  }

  /// Reads a file. What is wrong with its content is in the diagnostics.
  ///
  /// @throws IOException if it cannot be read
  public static ConsumerFile read(Path file) throws IOException {
    byte[] content;
    try (InputStream in = Files.newInputStream(file)) {
      content = in.readNBytes(MAX_BYTES + 1);
    }
    return parse(file.toString(), content);
  }

  /// Reads what a file contains.
  ///
  /// @param name how diagnostics name the file
  public static ConsumerFile parse(String name, byte[] content) {
    return new ConsumerFileParser(name).parse(content);
  }

  /// The consumer files that a path stands for: the file itself, or those of a folder that end in
  /// `.yaml` or `.yml`, by name.
  ///
  /// @throws IOException if it is not there
  public static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> found = new ArrayList<>();
    try (Stream<Path> all = Files.list(path)) {
      all.filter(file -> file.toString().endsWith(".yaml") || file.toString().endsWith(".yml"))
          .sorted()
          .forEach(found::add);
    }
    return found;
  }
}
