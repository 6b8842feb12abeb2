package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts together which kernel an input is of: what the input tells, then the flags, then what is
/// known of the machine. Where they contradict each other nothing is guessed. One use, one thread.
public final class IdentityResolver {

  private final KernelInput input;
  private final List<Diagnostic> problems = new ArrayList<>();

  private IdentityResolver(KernelInput input) {
    this.input = input;
  }

  /// What came out.
  ///
  /// @param identity empty if and only if there are problems
  /// @param problems errors, in the order of [KernelInput]'s parts
  public record Resolution(Optional<KernelIdentity> identity, List<Diagnostic> problems) {}

  /// Resolves. The input's own diagnostics are not repeated.
  public static Resolution resolve(KernelInput input, KernelFlags flags) {
    return new IdentityResolver(input).resolve(flags);
  }

  private Resolution resolve(KernelFlags flags) {
    Optional<Fact<String>> release = merge("--release", flags.release(), input.release());
    Optional<Fact<String>> build = merge("--build", flags.build(), input.build());
    Optional<Fact<String>> machine = merge("--machine", flags.machine(), input.machine());
    Optional<Fact<ByteOrder>> byteOrder =
        merge("--byte-order", flags.byteOrder(), input.byteOrder());
    Optional<Fact<WordSize>> wordSize = merge("--word-size", flags.wordSize(), input.wordSize());
    Optional<Fact<Integer>> pageSize = merge("--page-size", flags.pageSize(), input.pageSize());
    if (machine.isPresent()) {
      Machine known = Machine.named(machine.get().value());
      byteOrder = check("byte order", machine.get(), known.byteOrder(), byteOrder);
      wordSize = check("word size", machine.get(), known.wordSize(), wordSize);
    }
    require(release, "release", "--release, as uname -r prints it on that kernel");
    require(machine, "machine", "--machine, as uname -m prints it on that kernel");
    require(byteOrder, "byte order", "--byte-order little or --byte-order big");
    require(wordSize, "word size", "--word-size 32 or --word-size 64");
    require(pageSize, "page size", "--page-size, in bytes");
    if (!problems.isEmpty()) {
      return new Resolution(Optional.empty(), List.copyOf(problems));
    }
    try {
      KernelIdentity identity =
          new KernelIdentity(
              release.orElseThrow().value(),
              build.map(Fact::value).orElse(""),
              machine.orElseThrow().value(),
              new Target(wordSize.orElseThrow().value(), byteOrder.orElseThrow().value()),
              pageSize.orElseThrow().value());
      return new Resolution(Optional.of(identity), List.of());
    } catch (IllegalArgumentException refused) {
      problem(InputCode.IDENTITY_INVALID, start(), String.valueOf(refused.getMessage()), "");
      return new Resolution(Optional.empty(), List.copyOf(problems));
    }
  }

  private <T> Optional<Fact<T>> merge(String flag, Optional<T> said, Optional<Fact<T>> found) {
    if (said.isEmpty() || found.isEmpty()) {
      return found.or(() -> said.map(value -> new Fact<>(value, SourceLocation.inBinary(flag, 0))));
    }
    Fact<T> fact = found.get();
    if (!fact.value().equals(said.get())) {
      problem(
          InputCode.FLAG_CONTRADICTS_INPUT,
          fact.where(),
          flag
              + " says "
              + InputCollector.shown(said.get())
              + " but the input says "
              + InputCollector.shown(fact.value())
              + " here",
          "leave the flag out, or give the input that it is meant for");
    }
    return found;
  }

  private <T> Optional<Fact<T>> check(
      String what, Fact<String> machine, Optional<T> known, Optional<Fact<T>> told) {
    if (known.isEmpty()) {
      return told;
    }
    if (told.isEmpty()) {
      return Optional.of(new Fact<>(known.get(), machine.where()));
    }
    Fact<T> fact = told.get();
    if (!fact.value().equals(known.get())) {
      problem(
          InputCode.MACHINE_CONTRADICTS_INPUT,
          fact.where(),
          "the "
              + what
              + " is "
              + InputCollector.shown(fact.value())
              + " here but that of the machine "
              + InputCollector.shown(machine.value())
              + " is "
              + InputCollector.shown(known.get()),
          "one of the two is wrong; uname -m under a 32-bit personality does not tell the kernel's"
              + " machine");
    }
    return told;
  }

  private void require(Optional<?> fact, String what, String flag) {
    if (fact.isEmpty()) {
      problem(
          InputCode.FACT_MISSING,
          start(),
          "the input does not tell the kernel's " + what,
          "give " + flag);
    }
  }

  private SourceLocation start() {
    return SourceLocation.inBinary(input.name(), 0);
  }

  private void problem(InputCode code, SourceLocation where, String message, String hint) {
    problems.add(code.at(where, message, hint));
  }
}
