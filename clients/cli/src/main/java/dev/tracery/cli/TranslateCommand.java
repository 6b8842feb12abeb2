package dev.tracery.cli;

import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.render.line.LineStyle;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Turns a recorded trace into text, JSON or protobuf messages.
@Command(
    name = "translate",
    description = {
      "Turn the records of a trace of any kernel into text, JSON or protobuf messages.",
      "",
      "FILE is a trace.dat (version 6 or 7) or a perf.data with tracepoints, plain or compressed with",
      "gzip or zstd, or a folder of raw pages (cpu0.raw, ..., or per_cpu/cpu0/trace_pipe_raw, ...). No",
      "registry is needed: a file carries its formats, a folder has an `events` tree or --formats",
      "names one. With --server the registry translates, with its schemas and translators.",
      "",
      "Text has the columns of `trace-cmd report`, and says what the event's print format says as the",
      "kernel would; an event whose print format calls into the kernel shows its fields, and a note",
      "says so. JSON is one object a line. Protobuf is tracery.v1.TraceItem messages, each after its",
      "length as a varint: the trace describes itself, descriptors first.",
      "",
      "What is damaged is told on standard error, and where; records before and after it are written",
      "all the same, and the exit status is 2."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery translate trace.dat --event sched/sched_switch --cpu 0-3",
      "  $ tracery translate perf.data --output json | jq -r .event | sort | uniq -c",
      "  $ tracery translate trace.dat --output proto --server localhost:7411 > trace.binpb"
    })
final class TranslateCommand implements Callable<Integer> {

  /// What is written.
  enum Form {
    text,
    json,
    proto
  }

  /// How lines of text look.
  enum Style {
    report,
    ftrace
  }

  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The trace.")
  private Path file = Path.of("");

  @Option(
      names = "--output",
      paramLabel = "text|json|proto",
      description = "What is written. Default: text.")
  private Form form = Form.text;

  @Option(
      names = "--style",
      paramLabel = "report|ftrace",
      description =
          "Lines as `trace-cmd report` or as the kernel's own `trace` file has them, for text."
              + " Default: report.")
  private @Nullable Style style;

  @Option(
      names = "--event",
      paramLabel = "GLOB",
      description =
          "Only events whose `system/name`, or name where GLOB has no `/`, matches; may be given"
              + " again.")
  private List<String> events = List.of();

  @Option(
      names = "--cpu",
      paramLabel = "LIST",
      description = "Only these CPUs: 0,2-5; may be given again.")
  private List<String> cpus = List.of();

  @Option(
      names = "--from",
      paramLabel = "SECONDS",
      description = "Only records at this time or later, as texts have it: 1234.567890.")
  private @Nullable String from;

  @Option(names = "--to", paramLabel = "SECONDS", description = "Only records before this time.")
  private @Nullable String to;

  @Option(
      names = "--formats",
      paramLabel = "INPUT",
      description = "For raw pages: where their kernel's formats are, as `register` takes them.")
  private @Nullable Path formats;

  @Option(
      names = "--server",
      arity = "0..1",
      parameterConsumer = ServerAddressConsumer.class,
      paramLabel = "HOST:PORT",
      description =
          "Let this registry translate, to json or proto; without an address the one that other"
              + " commands ask. Default: no registry.")
  private @Nullable String server;

  @Option(
      names = "--kernel",
      paramLabel = "KERNEL",
      description =
          "For raw pages, with --server: the kernel's id, the beginning of it, or its release.")
  private @Nullable String kernel;

  @Mixin private ConnectionOptions connection = new ConnectionOptions();

  TranslateCommand(Console console) {
    this.console = console;
  }

  /// Reads a command line that needs no picocli: `translate FILE`, and options that are well
  /// formed.
  ///
  /// Why: picocli's classes are of Java 5, which no AOT cache can have. Without them the command
  /// starts within a third of the time.
  ///
  /// @return empty for every other command line: picocli reads it, or says what is wrong with it
  static Optional<TranslateCommand> plain(Console console, String... args) {
    if (args.length == 0 || !args[0].equals("translate")) {
      return Optional.empty();
    }
    TranslateCommand command = new TranslateCommand(console);
    List<String> files = new ArrayList<>();
    command.events = new ArrayList<>();
    command.cpus = new ArrayList<>();
    for (int i = 1; i < args.length; i++) {
      String word = args[i];
      boolean option = word.startsWith("--");
      String value = option && i + 1 < args.length ? args[++i] : word;
      if (value.isEmpty() || value.startsWith("-") || value.startsWith("@")) {
        return Optional.empty();
      }
      switch (option ? word : "") {
        case "" -> files.add(value);
        case "--event" -> command.events.add(value);
        case "--cpu" -> command.cpus.add(value);
        case "--output" -> {
          if (!value.equals("text")) {
            return Optional.empty();
          }
        }
        default -> {
          return Optional.empty();
        }
      }
    }
    if (files.size() != 1) {
      return Optional.empty();
    }
    command.file = Path.of(files.getFirst());
    return Optional.of(command);
  }

  @Override
  public Integer call() throws IOException {
    Wanted wanted =
        new Wanted(
            events.stream().map(TranslateCommand::glob).toList(),
            CpuSet.parse(cpus),
            TraceTime.parse("--from", from, Long.MIN_VALUE),
            TraceTime.parse("--to", to, Long.MAX_VALUE));
    if (form != Form.text && style != null) {
      throw CommandFailure.wrongUse(
          "--style: is of lines of text; leave it out with --output " + form);
    }
    if (form == Form.proto && console.outIsTerminal()) {
      throw CommandFailure.wrongUse(
          "--output proto writes bytes that are not for a terminal; send them to a file: > FILE");
    }
    if (server == null) {
      if (kernel != null) {
        throw CommandFailure.wrongUse("--kernel: only a registry knows kernels; add --server");
      }
      if (connection.given()) {
        throw CommandFailure.wrongUse("--tls and --token-file are for a registry; add --server");
      }
      LineStyle lines = style == Style.ftrace ? LineStyle.FTRACE : LineStyle.REPORT;
      return new LocalTranslation(console, wanted, form, lines).run(file, formats);
    }
    checkRemote();
    return ServerOptions.of(server, connection)
        .ask(
            console,
            client -> new RemoteTranslation(console, wanted, form).run(client, file, kernel));
  }

  private void checkRemote() {
    if (form == Form.text) {
      throw CommandFailure.wrongUse(
          "--server: a registry gives messages; --output json or --output proto writes them");
    }
    if (formats != null) {
      throw CommandFailure.wrongUse(
          "--formats: with --server the registry has the formats; name the kernel with --kernel");
    }
    if (Files.isDirectory(file) && kernel == null) {
      throw CommandFailure.wrongUse(
          "--kernel: raw pages do not say whose they are; name the kernel");
    }
    if (Files.isRegularFile(file) && kernel != null) {
      throw CommandFailure.wrongUse(
          "--kernel: " + file + " is a file, which says whose it is; only raw pages do not");
    }
  }

  private static Glob glob(String pattern) {
    try {
      return Glob.of(pattern.contains("/") ? pattern : "*/" + pattern);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.wrongUse("--event: " + e.getMessage());
    }
  }

  /// What of a trace is wanted.
  ///
  /// @param events one of these must match; empty is all
  /// @param from the earliest timestamp
  /// @param to the first that is too late
  record Wanted(List<Glob> events, CpuSet cpus, long from, long to)
      implements Predicate<EventName> {

    /// Whether nothing is left out.
    boolean isEverything() {
      return events.isEmpty()
          && cpus.cpus().isEmpty()
          && from == Long.MIN_VALUE
          && to == Long.MAX_VALUE;
    }

    @Override
    public boolean test(EventName event) {
      String name = event.toString();
      return events.isEmpty() || events.stream().anyMatch(glob -> glob.matches(name));
    }
  }
}
