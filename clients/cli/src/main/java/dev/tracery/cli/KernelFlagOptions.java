package dev.tracery.cli;

import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.WordSize;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the user says of a kernel, for what an input cannot tell.
final class KernelFlagOptions {

  private enum Order {
    little,
    big
  }

  @Option(
      names = "--release",
      paramLabel = "RELEASE",
      description = "What `uname -r` prints on the kernel.")
  private @Nullable String release;

  @Option(
      names = "--build",
      paramLabel = "BUILD",
      description = "What `uname -v` prints on the kernel.")
  private @Nullable String build;

  @Option(
      names = "--machine",
      paramLabel = "MACHINE",
      description = "What `uname -m` prints on the kernel: x86_64, aarch64, s390x.")
  private @Nullable String machine;

  @Option(
      names = "--byte-order",
      paramLabel = "little|big",
      description = "The order of the bytes of the kernel's integers.")
  private @Nullable Order byteOrder;

  @Option(
      names = "--word-size",
      paramLabel = "32|64",
      description = "The kernel's word size in bits.")
  private @Nullable Integer wordSize;

  @Option(
      names = "--page-size",
      paramLabel = "BYTES",
      description = "The kernel's page size: a power of two from 4096 to 1048576.")
  private @Nullable Integer pageSize;

  KernelFlags get() {
    return new KernelFlags(
        Optional.ofNullable(release),
        Optional.ofNullable(build),
        Optional.ofNullable(machine),
        Optional.ofNullable(byteOrder)
            .map(order ->
                switch (order) {
                  case little -> ByteOrder.LITTLE_ENDIAN;
                  case big -> ByteOrder.BIG_ENDIAN;
                }),
        Optional.ofNullable(wordSize).map(KernelFlagOptions::wordSize),
        Optional.ofNullable(pageSize));
  }

  private static WordSize wordSize(int bits) {
    return switch (bits) {
      case 32 -> WordSize.BITS_32;
      case 64 -> WordSize.BITS_64;
      default -> throw CommandFailure.wrongUse("--word-size: expected 32 or 64 but found " + bits);
    };
  }
}
