package dev.tracery.compiler.input;

import dev.tracery.model.ByteOrder;
import dev.tracery.model.WordSize;
import java.util.Optional;

/// What the user says of the kernel, for what an input cannot tell. Each part is the flag of its
/// name: `--release`, `--build`, `--machine`, `--byte-order`, `--word-size`, `--page-size`.
public record KernelFlags(
    Optional<String> release,
    Optional<String> build,
    Optional<String> machine,
    Optional<ByteOrder> byteOrder,
    Optional<WordSize> wordSize,
    Optional<Integer> pageSize) {

  /// Nothing said.
  public static final KernelFlags NONE =
      new KernelFlags(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
}
