package dev.tracery.cli;

import dev.tracery.client.EventSource;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.KernelCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.compiler.input.RunningKernel;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import dev.tracery.v1.KernelTypes;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Which kernel a command is about: an input, and what the user says of it.
final class KernelSourceOptions {

  @Mixin private KernelFlagOptions flags = new KernelFlagOptions();
  @Mixin private BtfOption btf = new BtfOption();

  @Parameters(
      arity = "0..1",
      paramLabel = "INPUT",
      description = "What to read. Default: the running kernel, which needs root.")
  private @Nullable Path input;

  /// Reads the kernel and finds everything that is wrong with it.
  ///
  /// @param consequence of an error: `nothing was registered`
  LocalKernel read(Console console, Findings findings, String consequence) throws IOException {
    KernelFlags said = flags.get();
    KernelInput kernel =
        input == null
            ? RunningKernel.read(InputLimits.DEFAULT)
            : KernelInputReader.read(input, InputLimits.DEFAULT);
    findings.add(kernel.diagnostics());
    findings.refuseErrors(kernel.name(), consequence);
    IdentityResolver.Resolution resolution = IdentityResolver.resolve(kernel, said);
    findings.add(resolution.problems());
    findings.refuseErrors(kernel.name(), consequence);
    KernelIdentity identity = resolution.identity().orElseThrow();
    List<Layout> layouts = new ArrayList<>();
    List<EventSource> events = compile(console, kernel, identity.target(), layouts, findings);
    Optional<KernelTypes> types = btf.read(input == null, identity.target(), layouts, findings);
    findings.refuseErrors(kernel.name(), consequence);
    return new LocalKernel(identity, events, types);
  }

  /// Compiles every format, so that all problems are told and none is sent.
  ///
  /// @param layouts to which what was compiled is added
  private static List<EventSource> compile(
      Console console, KernelInput kernel, Target target, List<Layout> layouts, Findings findings) {
    FormatCompiler compiler = new FormatCompiler();
    AtomicInteger done = new AtomicInteger();
    try (Progress progress = new Progress(console, "checked")) {
      List<FormatCompiler.Result> results =
          kernel.events().parallelStream()
              .map(event -> {
                var result = compiler.compile(event.file(), event.text(), target);
                progress.show(done.incrementAndGet() + " of " + kernel.events().size());
                return result;
              })
              .toList();
      progress.clear();
      List<EventSource> events = new ArrayList<>(results.size());
      for (int i = 0; i < results.size(); i++) {
        EventFormatFile event = kernel.events().get(i);
        findings.add(results.get(i).diagnostics());
        results.get(i).layout().ifPresent(layouts::add);
        findings.add(
            results.get(i).layout().stream()
                .flatMap(layout ->
                    KernelCompiler.nameMismatch(event.event(), event.file(), layout).stream())
                .toList());
        events.add(
            new EventSource(
                event.event(),
                results.get(i).id(),
                CanonicalForm.hash(event.text(), target),
                event::text));
      }
      return events;
    }
  }
}
