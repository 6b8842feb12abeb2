package dev.tracery.cli;

import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Compiles kernels without a registry.
@Command(
    name = "compile",
    description = {
      "Compile the formats of kernels into protobuf schemas and decode plans, without a registry.",
      "",
      "INPUT is what `register` takes; several are compiled in their order. Options that say what an",
      "input cannot tell apply to every input. Written are DIR/linux/SYSTEM/EVENT.proto,",
      "DIR/tracery/v1/options.proto (which they import), DIR/descriptors.binpb (a FileDescriptorSet",
      "of all of them) and DIR/plans.binpb (tracery.v1.DecodePlan messages, each after its length as",
      "a varint); with --bundle also DIR/bundles/NAME.jar for each input, an OSGi bundle with a class",
      "for each layout, which a registry takes (`tracery translators install`). The same inputs in",
      "the same order give the same bytes. With --lineage fields keep the numbers that they have there."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery compile /sys/kernel/tracing/events --byte-order little --out schemas",
      "  $ tracery compile trace.dat --lineage schemas/descriptors.binpb --out schemas --force"
    })
final class CompileCommand implements Callable<Integer> {

  private static final String CONSEQUENCE = "nothing was written";
  private static final int MAX_LINEAGE_BYTES = 512 << 20;

  private final Console console;

  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private KernelFlagOptions flags = new KernelFlagOptions();

  @Parameters(arity = "1..*", paramLabel = "INPUT", description = "What to read.")
  private List<Path> inputs = List.of();

  @Option(
      names = "--out",
      required = true,
      paramLabel = "DIR",
      description = "Where to write; appears when it is whole.")
  private Path out = Path.of("");

  @Option(
      names = "--lineage",
      paramLabel = "FILE",
      description = "A descriptors.binpb that was written before: continue its lineages.")
  private @Nullable Path lineage;

  @Option(names = "--bundle", description = "Write a translator bundle for each input, too.")
  private boolean bundle;

  @Option(names = "--force", description = "Replace what was written to DIR before.")
  private boolean force;

  CompileCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    CompiledFolder folder = CompiledFolder.at(out, force);
    KernelFlags said = flags.get();
    KernelCompiler compiler = lineage == null ? new KernelCompiler() : continuing(lineage);
    Findings findings = new Findings(console);
    Map<String, byte[]> bundles = new TreeMap<>();
    for (Path input : inputs) {
      KernelInput kernel = read(input, findings);
      KernelIdentity identity = identity(kernel, said, findings);
      compile(kernel, identity.target(), compiler, findings);
      if (bundle) {
        KernelBundle made = KernelBundle.of(kernel, identity, compiler);
        bundles.put(made.fileName(), made.jar());
      }
    }
    folder.write(compiler, bundles);
    if (output.json()) {
      console
          .out()
          .line(
              "{\"inputs\":%d,\"events\":%d,\"layouts\":%d,\"newSchemaVersions\":%d}"
                  .formatted(
                      inputs.size(),
                      compiler.schemas().size(),
                      compiler.plans().size(),
                      compiler.newVersions()));
    } else {
      console
          .out()
          .line(
              Terms.count(compiler.schemas().size(), "event")
                  + ", "
                  + Terms.count(compiler.plans().size(), "layout")
                  + ", "
                  + Terms.count(compiler.newVersions(), "new schema version")
                  + " written to "
                  + out);
    }
    findings.tellCount();
    return ExitStatus.FINE;
  }

  private static KernelInput read(Path input, Findings findings) {
    KernelInput kernel = KernelInputReader.read(input, InputLimits.DEFAULT);
    findings.add(kernel.diagnostics());
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
    return kernel;
  }

  private void compile(
      KernelInput kernel, Target target, KernelCompiler compiler, Findings findings) {
    int done = 0;
    try (Progress progress = new Progress(console, "compiled")) {
      for (EventFormatFile event : kernel.events()) {
        // Why: with several inputs the file alone does not say which input is meant.
        String file = inputs.size() == 1 ? event.file() : kernel.name() + "/" + event.file();
        List<Diagnostic> found = compiler.add(event.event(), file, event.text(), target);
        if (!found.isEmpty()) {
          progress.clear();
          findings.add(found);
        }
        progress.show(++done + " of " + kernel.events().size());
      }
    }
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
  }

  /// Schemas depend on no more of a kernel than word size and byte order; the rest may stay
  /// unknown, but must not contradict.
  private static KernelIdentity identity(KernelInput kernel, KernelFlags said, Findings findings) {
    KernelFlags assumed =
        new KernelFlags(
            orIfUnknown(said.release(), kernel.release(), "unknown"),
            said.build(),
            orIfUnknown(said.machine(), kernel.machine(), "unknown"),
            said.byteOrder(),
            said.wordSize(),
            orIfUnknown(said.pageSize(), kernel.pageSize(), 4096));
    IdentityResolver.Resolution resolution = IdentityResolver.resolve(kernel, assumed);
    findings.add(resolution.problems());
    findings.refuseErrors(kernel.name(), CONSEQUENCE);
    return resolution.identity().orElseThrow();
  }

  private static <T> Optional<T> orIfUnknown(Optional<T> said, Optional<?> found, T otherwise) {
    return said.isPresent() || found.isPresent() ? said : Optional.of(otherwise);
  }

  private static KernelCompiler continuing(Path lineage) throws IOException {
    if (Files.isDirectory(lineage)) {
      throw CommandFailure.wrongUse("--lineage: " + lineage + " is a directory");
    }
    if (Files.size(lineage) > MAX_LINEAGE_BYTES) {
      throw CommandFailure.wrongUse(
          "--lineage: " + lineage + " has more than " + MAX_LINEAGE_BYTES + " bytes");
    }
    try {
      return KernelCompiler.continuing(Files.readAllBytes(lineage));
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse("--lineage: " + lineage + ": " + e.getMessage());
    }
  }
}
