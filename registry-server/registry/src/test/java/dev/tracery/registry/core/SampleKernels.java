package dev.tracery.registry.core;

import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// The real kernels of `it-tests/samples`.
final class SampleKernels {

  static final String AMD64_5_10 = "debian-bullseye-5.10.0-46-amd64";
  static final String AMD64_6_1 = "debian-bookworm-6.1.0-56-amd64";
  static final String AMD64_6_12 = "debian-trixie-6.12.117-amd64";
  static final String S390X = "debian-bookworm-6.1.0-50-s390x";
  static final String I386 = "debian-bookworm-6.1.0-50-686-pae-i386";

  private static final Path FOLDER = Path.of("../../it-tests/samples");
  private static final Map<String, TestKernel> READ = new ConcurrentHashMap<>();

  private SampleKernels() {}

  /// All of them, in the order of their ids.
  static List<TestKernel> all() {
    try (Stream<Path> folders = Files.list(FOLDER)) {
      return folders
          .filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .sorted()
          .map(SampleKernels::read)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static TestKernel read(String id) {
    return READ.computeIfAbsent(
        id,
        _ -> {
          KernelInput input =
              KernelInputReader.read(
                  FOLDER.resolve(id).resolve("formats.tar.zst"), InputLimits.DEFAULT);
          KernelIdentity identity =
              IdentityResolver.resolve(input, flags(id))
                  .identity()
                  .orElseThrow(() ->
                      new AssertionError(
                          id + ": " + IdentityResolver.resolve(input, flags(id)).problems()));
          return new TestKernel(
              identity,
              input.events().stream()
                  .map(event ->
                      new TestKernel.Event(
                          event.event(), FormatText.id(event.text()).orElseThrow(), event.text()))
                  .toList());
        });
  }

  private static KernelFlags flags(String id) {
    boolean big = id.endsWith("s390x");
    boolean small = id.endsWith("i386") || id.endsWith("armhf");
    return new KernelFlags(
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN),
        Optional.of(small ? WordSize.BITS_32 : WordSize.BITS_64),
        Optional.of(id.endsWith("16k") ? 16384 : 4096));
  }
}
