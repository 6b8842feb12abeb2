package dev.tracery.cli;

import dev.tracery.cli.consumerfile.ConsumerFile;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.RegistryUnreachableException;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.client.negotiate.Tracefs;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.IdentityResolver;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelFlags;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.ConsumerReader;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Asks, as a tool does when it starts, whether the tool can run.
@Command(
    name = "negotiate",
    description = {
      "Ask, as a tool does when it starts, whether it can run on this kernel and how it reads each",
      "event.",
      "",
      "INPUT is a kernel as `tracery register` takes it; without it, the running kernel is meant.",
      "Only hashes of the formats are sent, and the texts that the registry does not know. The answer",
      "is kept on disk and used again for as long as the registry allows; while the registry cannot",
      "be reached, however old it is."
    },
    footer = {
      "",
      "Exit status: 0 the tool can run, perhaps with less; 1 it cannot, or it is not known whether it",
      "can; 2 wrong use; 3 the registry failed, or cannot be reached and no answer was kept.",
      "",
      "Examples:",
      "  $ sudo tracery negotiate --tool offcputime/0.31.0 \\",
      "      --require sched/sched_switch:prev_pid,next_pid --optional sched/sched_waking:prio",
      "  $ tracery negotiate trace.dat --release 6.1.0-56-amd64 --dry-run \\",
      "      --tool mine/1 --require sched/sched_switch:prev_state"
    })
final class NegotiateCommand implements Callable<Integer> {

  // Why: a person waits where a tool that starts does not.
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private KernelFlagOptions flags = new KernelFlagOptions();
  @Mixin private NeedOptions needs = new NeedOptions();

  @Parameters(
      arity = "0..1",
      paramLabel = "INPUT",
      description = "The kernel to ask for. Default: the running one, which needs root.")
  private @Nullable Path input;

  @Option(
      names = "--file",
      paramLabel = "CONSUMER.yaml",
      description = "A consumer file that says who asks and what it needs.")
  private @Nullable Path file;

  @Option(
      names = "--tracefs",
      paramLabel = "FOLDER",
      description =
          "Where the running kernel's tracefs is. Default: /sys/kernel/tracing, or"
              + " /sys/kernel/debug/tracing.")
  private @Nullable String tracefs;

  @Option(
      names = "--dry-run",
      description = "Ask only: the registry does not count it as a start of the tool.")
  private boolean dryRun;

  @Option(
      names = "--cache",
      paramLabel = "FOLDER",
      description =
          "Where answers are kept. Default: tracery/negotiations in $XDG_CACHE_HOME or ~/.cache.")
  private @Nullable Path cache;

  @Option(names = "--no-cache", description = "Keep no answer and use none.")
  private boolean noCache;

  NegotiateCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    Consumer tool = file == null ? needs.get() : read(file);
    SeenKernel kernel = kernel();
    NegotiatorOptions options =
        NegotiatorOptions.defaults().withDeadline(PATIENCE).withDryRun(dryRun);
    NegotiatorOptions chosen =
        noCache ? options.withoutCache() : cache != null ? options.withCache(cache) : options;
    return server.ask(
        console,
        client -> {
          Negotiated negotiated;
          try {
            negotiated = new Negotiator(client, chosen).ask(tool, kernel);
          } catch (RegistryUnreachableException e) {
            throw CommandFailure.failed(String.valueOf(e.getMessage()));
          }
          tell(negotiated, kernel.identity());
          return ExitStatus.of(negotiated.outcome());
        });
  }

  private void tell(Negotiated negotiated, KernelIdentity kernel) {
    if (output.json()) {
      console.out().line(NegotiatedJson.line(negotiated));
    } else {
      new NegotiatedText(console.out(), Palette.of(console)).write(negotiated, kernel);
    }
    if (negotiated.source() == Negotiated.Source.CACHE_OFFLINE) {
      console
          .err()
          .println("tracery: warning: " + Terms.printable(negotiated.warnings().getFirst()));
    }
  }

  private Consumer read(Path from) throws IOException {
    if (needs.given()) {
      throw CommandFailure.wrongUse("--file: the file says what --tool and --require say, too");
    }
    ConsumerFile read = ConsumerFile.read(from);
    return read.consumer()
        .flatMap(consumer -> ConsumerReader.read("consumer", consumer).consumer())
        .orElseThrow(
            () -> CommandFailure.badInput(from + ": nothing was asked", read.diagnostics()));
  }

  private SeenKernel kernel() throws IOException {
    KernelFlags said = flags.get();
    if (input != null && tracefs != null) {
      throw CommandFailure.wrongUse("--tracefs: an INPUT is given, too; leave one out");
    }
    if (input != null) {
      return read(input, said);
    }
    if (!said.equals(KernelFlags.NONE)) {
      throw CommandFailure.wrongUse(
          "--release and the like say what an INPUT cannot tell; the running kernel tells all");
    }
    return tracefs == null ? Tracefs.ofRunningKernel() : Tracefs.ofRunningKernel(Path.of(tracefs));
  }

  private SeenKernel read(Path from, KernelFlags said) throws IOException {
    String consequence = "nothing was asked";
    Findings findings = new Findings(console);
    KernelInput read = KernelInputReader.read(from, InputLimits.DEFAULT);
    findings.add(read.diagnostics());
    findings.refuseErrors(read.name(), consequence);
    IdentityResolver.Resolution resolution = IdentityResolver.resolve(read, said);
    findings.add(resolution.problems());
    findings.refuseErrors(read.name(), consequence);
    KernelIdentity identity = resolution.identity().orElseThrow();
    Map<EventName, byte[]> formats =
        read.events().stream()
            .collect(Collectors.toMap(EventFormatFile::event, EventFormatFile::text));
    return new SeenKernel() {
      @Override
      public KernelIdentity identity() {
        return identity;
      }

      @Override
      public Optional<byte[]> format(EventName event) {
        return Optional.ofNullable(formats.get(event));
      }
    };
  }
}
