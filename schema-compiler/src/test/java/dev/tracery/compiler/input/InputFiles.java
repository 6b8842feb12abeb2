package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Gives bytes to the reader as a file called `input`.
record InputFiles(Path folder) {

  KernelInput read(byte[] bytes) throws IOException {
    return read(bytes, InputLimits.DEFAULT);
  }

  KernelInput read(byte[] bytes, InputLimits limits) throws IOException {
    Path file = folder.resolve("input");
    Files.write(file, bytes);
    return KernelInputReader.read(file, limits);
  }

  /// The input's problems, with the file called `input` without its folder.
  List<String> problems(KernelInput input) {
    return input.diagnostics().stream()
        .map(Diagnostic::toString)
        .map(text -> text.replace(folder + "/", ""))
        .toList();
  }

  static List<String> events(KernelInput input) {
    return input.events().stream().map(file -> file.event().toString()).toList();
  }

  static byte[] concat(byte[]... parts) {
    int size = 0;
    for (byte[] part : parts) {
      size += part.length;
    }
    byte[] whole = new byte[size];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, whole, at, part.length);
      at += part.length;
    }
    return whole;
  }
}
