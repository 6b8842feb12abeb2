package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class IdentityResolverTest {

  private static final KernelFlags ALL_FLAGS =
      new KernelFlags(
          Optional.of("6.1.0"),
          Optional.of("#1"),
          Optional.of("s390x"),
          Optional.of(ByteOrder.BIG_ENDIAN),
          Optional.of(WordSize.BITS_64),
          Optional.of(4096));

  private static <T> Optional<Fact<T>> at(T value, long offset) {
    return Optional.of(new Fact<>(value, SourceLocation.inBinary("t.dat", offset)));
  }

  private static KernelInput input(
      Optional<Fact<String>> release,
      Optional<Fact<String>> machine,
      Optional<Fact<ByteOrder>> byteOrder,
      Optional<Fact<WordSize>> wordSize,
      Optional<Fact<Integer>> pageSize) {
    return new KernelInput(
        "t.dat",
        release,
        Optional.empty(),
        machine,
        byteOrder,
        wordSize,
        pageSize,
        Optional.empty(),
        List.of(),
        List.of());
  }

  private static KernelInput nothing() {
    return input(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static List<String> problems(KernelInput input, KernelFlags flags) {
    return IdentityResolver.resolve(input, flags).problems().stream()
        .map(Diagnostic::toString)
        .toList();
  }

  @Test
  void flags_say_what_the_input_does_not() {
    assertEquals(
        new IdentityResolver.Resolution(
            Optional.of(
                new KernelIdentity(
                    "6.1.0",
                    "#1",
                    "s390x",
                    new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN),
                    4096)),
            List.of()),
        IdentityResolver.resolve(nothing(), ALL_FLAGS));
  }

  @Test
  void the_machine_says_byte_order_and_word_size() {
    KernelInput armhf =
        input(at("6.1", 1), at("armv7l", 2), Optional.empty(), Optional.empty(), at(4096, 3));
    assertEquals(
        new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN),
        IdentityResolver.resolve(armhf, KernelFlags.NONE).identity().orElseThrow().target());
  }

  @Test
  void every_flag_that_is_missing_is_named() {
    String start = "t.dat: error FACT_MISSING: the input does not tell the kernel's ";
    assertEquals(
        List.of(
            start + "release (give --release, as uname -r prints it on that kernel)",
            start + "machine (give --machine, as uname -m prints it on that kernel)",
            start + "byte order (give --byte-order little or --byte-order big)",
            start + "word size (give --word-size 32 or --word-size 64)",
            start + "page size (give --page-size, in bytes)"),
        problems(nothing(), KernelFlags.NONE));
  }

  @Test
  void every_flag_that_contradicts_the_input_is_named_with_both_values_and_the_place() {
    KernelInput input =
        input(
            at("5.10", 1),
            at("mips", 2),
            at(ByteOrder.LITTLE_ENDIAN, 3),
            at(WordSize.BITS_32, 4),
            at(8192, 5));
    String hint = " here (leave the flag out, or give the input that it is meant for)";
    assertEquals(
        List.of(
            "t.dat@1: error FLAG_CONTRADICTS_INPUT: --release says \"6.1.0\" but the input says"
                + " \"5.10\""
                + hint,
            "t.dat@2: error FLAG_CONTRADICTS_INPUT: --machine says \"s390x\" but the input says"
                + " \"mips\""
                + hint,
            "t.dat@3: error FLAG_CONTRADICTS_INPUT: --byte-order says big but the input says little"
                + hint,
            "t.dat@4: error FLAG_CONTRADICTS_INPUT: --word-size says 64-bit but the input says"
                + " 32-bit"
                + hint,
            "t.dat@5: error FLAG_CONTRADICTS_INPUT: --page-size says 4096 but the input says 8192"
                + hint),
        problems(input, ALL_FLAGS));
  }

  @Test
  void a_machine_of_another_byte_order_is_a_contradiction() {
    KernelInput input =
        input(
            at("6.1", 1),
            at("x86_64", 2),
            at(ByteOrder.BIG_ENDIAN, 3),
            at(WordSize.BITS_32, 4),
            at(4096, 5));
    String hint =
        " (one of the two is wrong; uname -m under a 32-bit personality does not tell the kernel's"
            + " machine)";
    assertEquals(
        List.of(
            "t.dat@3: error MACHINE_CONTRADICTS_INPUT: the byte order is big here but that of the"
                + " machine \"x86_64\" is little"
                + hint,
            "t.dat@4: error MACHINE_CONTRADICTS_INPUT: the word size is 32-bit here but that of the"
                + " machine \"x86_64\" is 64-bit"
                + hint),
        problems(input, KernelFlags.NONE));
  }

  @Test
  void what_no_kernel_can_have_is_refused() {
    KernelFlags flags =
        new KernelFlags(
            Optional.of("6\n1"),
            Optional.empty(),
            Optional.of("x86_64"),
            Optional.empty(),
            Optional.empty(),
            Optional.of(4096));
    assertEquals(
        List.of(
            "t.dat: error IDENTITY_INVALID: release: has the control character U+000A at position"
                + " 2"),
        problems(nothing(), flags));
  }
}
