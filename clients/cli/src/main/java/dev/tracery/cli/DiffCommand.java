package dev.tracery.cli;

import dev.tracery.v1.DiffKernelsRequest;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.DiffSchemasRequest;
import dev.tracery.v1.DiffSchemasResponse;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what differs. Differences are an answer, not a verdict: the exit status is 0.
@Command(
    name = "diff",
    customSynopsis = {
      "tracery diff KERNEL KERNEL [--filter GLOB] [OPTIONS]",
      "       tracery diff --event EVENT --from N [--to N] [OPTIONS]"
    },
    description = {
      "Show what differs between two kernels, or between two schema versions of one event.",
      "",
      "`+` is new, `-` is gone, `~` is different: old -> new. The exit status is 0 either way."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery diff 5.10.0-46-amd64 6.1.0-56-amd64 --filter 'sched/*'",
      "  $ tracery diff --event sched/sched_wakeup --from 1 --to 2"
    })
final class DiffCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  @Parameters(
      arity = "0..2",
      paramLabel = "KERNEL",
      description = "Two kernels: the one before, and the one after.")
  private List<String> kernels = List.of();

  @Option(
      names = "--filter",
      paramLabel = "GLOB",
      description = "Only events whose `system/name` matches.")
  private @Nullable String filter;

  @Option(names = "--event", paramLabel = "EVENT", description = "The event: system/name.")
  private @Nullable String event;

  @Option(names = "--from", paramLabel = "N", description = "The schema version before.")
  private @Nullable Integer from;

  @Option(
      names = "--to",
      paramLabel = "N",
      description = "The schema version after. Default: the latest.")
  private @Nullable Integer to;

  DiffCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() throws IOException {
    if (event != null && kernels.isEmpty() && filter == null && from != null) {
      return diffSchemas(event, from);
    }
    if (event == null && kernels.size() == 2 && from == null && to == null) {
      return diffKernels();
    }
    throw CommandFailure.wrongUse(
        "expected two kernels, or --event and --from; see `tracery diff --help`");
  }

  private int diffKernels() throws IOException {
    DiffKernelsRequest request =
        DiffKernelsRequest.newBuilder()
            .setFromKernel(kernels.get(0))
            .setToKernel(kernels.get(1))
            .setFilter(filter == null ? "" : filter)
            .setAtRevision(revision.get())
            .build();
    return server.ask(
        console,
        client -> {
          DiffKernelsResponse diff = client.diff(request);
          if (output.json()) {
            console.out().line(Json.line(diff));
          } else {
            new DiffText(console.out(), Palette.of(console)).write(diff);
          }
          return ExitStatus.FINE;
        });
  }

  private int diffSchemas(String name, int before) throws IOException {
    DiffSchemasRequest request =
        DiffSchemasRequest.newBuilder()
            .setEvent(name)
            .setFromVersion(version("--from", before))
            .setToVersion(to == null ? 0 : version("--to", to))
            .setAtRevision(revision.get())
            .build();
    return server.ask(
        console,
        client -> {
          DiffSchemasResponse diff = client.diff(request);
          if (output.json()) {
            console.out().line(Json.line(diff));
          } else {
            new DiffText(console.out(), Palette.of(console)).write(diff.getDiff());
          }
          return ExitStatus.FINE;
        });
  }

  private static int version(String option, int number) {
    if (number < 1) {
      throw CommandFailure.wrongUse(option + ": expected 1 or more but found " + number);
    }
    return number;
  }
}
