package dev.tracery.translate.server;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.translate.FormatId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The kernels of `it-tests/samples`.
final class SampleKernels {

  static final Path FOLDER = Path.of("../../it-tests/samples");
  static final String BOOKWORM = "debian-bookworm-6.1.0-56-amd64";
  static final String BULLSEYE = "debian-bullseye-5.10.0-46-amd64";
  static final String TRIXIE = "debian-trixie-6.12.117-amd64";

  private SampleKernels() {}

  static List<String> all() throws IOException {
    try (var folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .toList();
    }
  }

  /// The `trace.dat`s of a kernel.
  static List<Path> traces(String kernel) throws IOException {
    try (var files = Files.list(FOLDER.resolve(kernel).resolve("traces"))) {
      return files.filter(file -> file.toString().endsWith(".dat.zst")).sorted().toList();
    }
  }

  static Kernel register(Registry registry, String kernel) throws IOException {
    KernelInput input =
        KernelInputReader.read(
            FOLDER.resolve(kernel).resolve("formats.tar.zst"), InputLimits.DEFAULT);
    var identity = IdentityResolver.resolve(input, KernelFlags.NONE).identity().orElseThrow();
    try (Registry.Registration registration = registry.register(identity, Optional.empty())) {
      for (EventFormatFile event : input.events()) {
        registration.add(
            event.event(),
            FormatId.of(event.text()),
            event.file(),
            Arrays.copyOf(event.text(), event.text().length),
            Optional.empty());
      }
      return registration.finish(false).kernel();
    }
  }
}
