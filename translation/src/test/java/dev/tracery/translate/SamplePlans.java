package dev.tracery.translate;

import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.v1.DecodePlan;
import java.nio.file.Path;
import java.util.List;

/// The decode plans of whole sample kernels.
final class SamplePlans {

  static final String I386 = "debian-bookworm-6.1.0-50-686-pae-i386";
  static final String S390X = "debian-bookworm-6.1.0-50-s390x";
  static final String AMD64_6_12 = "debian-trixie-6.12.117-amd64";

  private SamplePlans() {}

  static Target target(String kernel) {
    return switch (kernel) {
      case I386 -> new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN);
      case S390X -> new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);
      default -> Target.LITTLE_64;
    };
  }

  static List<DecodePlan> of(String kernel) {
    KernelInput input =
        KernelInputReader.read(
            Path.of("..", "it-tests", "samples", kernel, "formats.tar.zst"), InputLimits.DEFAULT);
    KernelCompiler compiler = new KernelCompiler();
    for (EventFormatFile format : input.events()) {
      compiler.add(format.event(), format.file(), format.text(), target(kernel));
    }
    return compiler.plans();
  }
}
