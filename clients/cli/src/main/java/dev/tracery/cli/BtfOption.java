package dev.tracery.cli;

import dev.tracery.compiler.btf.FormatMatcher;
import dev.tracery.compiler.btf.KernelTypesReader;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.model.Target;
import dev.tracery.v1.KernelTypes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Where a kernel's BTF is.
final class BtfOption {

  private static final Path OF_RUNNING_KERNEL = Path.of("/sys/kernel/btf/vmlinux");

  @Option(
      names = "--btf",
      paramLabel = "FILE",
      description =
          "The kernel's BTF, a file like /sys/kernel/btf/vmlinux: it tells what tracepoints hand to a"
              + " probe, and the structs of events. Default, without INPUT: the running kernel's.")
  private @Nullable Path file;

  /// What the BTF says; empty where there is none, or it has errors.
  ///
  /// @param running whether the formats are the running kernel's
  /// @param target of the formats
  /// @param layouts what the formats say, which must be of the same kernel
  Optional<KernelTypes> read(
      boolean running, Target target, Collection<Layout> layouts, Findings findings) {
    if (file != null) {
      KernelTypesReader.Result result = KernelTypesReader.read(file, target, InputLimits.DEFAULT);
      findings.add(result.diagnostics());
      result
          .types()
          .flatMap(types -> FormatMatcher.check(result.name(), types, layouts))
          .ifPresent(found -> findings.add(List.of(found)));
      return result.types();
    }
    if (!running || !Files.isReadable(OF_RUNNING_KERNEL)) {
      return Optional.empty();
    }
    KernelTypesReader.Result result =
        KernelTypesReader.read(OF_RUNNING_KERNEL, target, InputLimits.DEFAULT);
    // Why: nobody asked for it, so it must not keep the formats from being registered.
    findings.add(result.diagnostics().stream().map(BtfOption::asWarning).toList());
    return result.types();
  }

  private static Diagnostic asWarning(Diagnostic found) {
    return new Diagnostic(
        Severity.WARNING, found.code(), found.location(), found.message(), found.hint());
  }
}
