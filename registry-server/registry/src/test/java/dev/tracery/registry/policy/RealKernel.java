package dev.tracery.registry.policy;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.model.Target;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The real kernels of `it-tests/samples` that are 64 bits wide and little-endian.
final class RealKernel {

  static final String AMD64_5_10 = "debian-bullseye-5.10.0-46-amd64";
  static final String AMD64_6_1 = "debian-bookworm-6.1.0-56-amd64";
  static final String AMD64_6_12 = "debian-trixie-6.12.117-amd64";

  private static final Path FOLDER = Path.of("../../it-tests/samples");
  private static final FormatCompiler COMPILER = new FormatCompiler();
  private static final Map<String, FakeKernel> READ = new ConcurrentHashMap<>();

  private RealKernel() {}

  /// All events of a kernel. It is shared: nobody may change it.
  static FakeKernel read(String id) {
    return READ.computeIfAbsent(
        id,
        _ -> {
          FakeKernel kernel = new FakeKernel(id);
          KernelInputReader.read(FOLDER.resolve(id).resolve("formats.tar.zst"), InputLimits.DEFAULT)
              .events()
              .forEach(event ->
                  COMPILER
                      .compile(event.event().toString(), event.text(), Target.LITTLE_64)
                      .layout()
                      .ifPresent(layout -> kernel.with(event.event().toString(), layout)));
          return kernel;
        });
  }
}
