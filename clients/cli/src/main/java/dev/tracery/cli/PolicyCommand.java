package dev.tracery.cli;

import dev.tracery.v1.GetPolicyResponse;
import dev.tracery.v1.SeriesMode;
import dev.tracery.v1.SeriesModeRule;
import dev.tracery.v1.StabilityClass;
import dev.tracery.v1.StabilityRule;
import dev.tracery.v1.UpdatePolicyRequest;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Shows the policy; `set` changes it.
@Command(
    name = "policy",
    description = {
      "Show what series do with a break, and which events are how stable.",
      "",
      "A series that advises stores a kernel that breaks, with the report; one that enforces refuses",
      "it. Stable events may not change whoever uses them, internal ones are locked by consumers, and",
      "dynamic ones, made at run time, by nobody. The first rule that matches an event counts."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery policy",
      "  $ tracery policy set --series debian-amd64 --mode enforce"
    })
final class PolicyCommand implements Callable<Integer> {

  private static final String MODE = "SERIES_MODE_";
  private static final String CLASS = "STABILITY_CLASS_";

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();
  @Mixin private RevisionOption revision = new RevisionOption();

  PolicyCommand(Console console) {
    this.console = console;
  }

  /// With its subcommand.
  static CommandLine line(Console console) {
    CommandLine line = new CommandLine(new PolicyCommand(console));
    line.addSubcommand(new SetCommand(console));
    return line;
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          write(console, output, client.policy(revision.get()));
          return ExitStatus.FINE;
        });
  }

  private static void write(Console console, OutputFormat output, GetPolicyResponse policy) {
    Output out = console.out();
    if (output.json()) {
      out.line(Json.line(policy));
      return;
    }
    Palette palette = Palette.of(console);
    out.line(palette.heading("series"));
    for (SeriesModeRule rule : policy.getModesList()) {
      row(out, rule.getSeries(), ServerEnums.write(MODE, rule.getMode()), "");
    }
    row(out, "all others", ServerEnums.write(MODE, policy.getDefaultMode()), "");
    out.line("");
    out.line(palette.heading("events"));
    for (StabilityRule rule : policy.getStabilityList()) {
      row(
          out,
          rule.getEvents(),
          ServerEnums.write(CLASS, rule.getStability()),
          rule.getBuiltIn() ? "" : "set here");
    }
  }

  private static void row(Output out, String what, String value, String note) {
    out.line(
        String.format("  %-32s  %-8s  %s", Terms.printable(what), value, note).stripTrailing());
  }

  /// Changes the policy.
  @Command(
      name = "set",
      description = {
        "Change what a series does with a break, or how stable events are.",
        "",
        "`default` takes back what was set. A new rule for events goes before those that there are."
      },
      footer = {
        "",
        "Examples:",
        "  $ tracery policy set --series debian-amd64 --mode enforce",
        "  $ tracery policy set --series '*' --mode advise",
        "  $ tracery policy set --events 'sched/*' --class stable"
      })
  static final class SetCommand implements Callable<Integer> {

    private final Console console;

    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private OutputFormat output = new OutputFormat();

    @Option(
        names = "--series",
        paramLabel = "SERIES",
        description = "The series; '*' is all that have no mode of their own.")
    private @Nullable String series;

    @Option(
        names = "--mode",
        paramLabel = "enforce|advise|default",
        description = "What the series does with a kernel that breaks.")
    private @Nullable String mode;

    @Option(
        names = "--events",
        paramLabel = "GLOB",
        description = "The events, a glob over system/name: 'sched/*'.")
    private @Nullable String events;

    @Option(
        names = "--class",
        paramLabel = "stable|internal|dynamic|default",
        description = "How stable the events are.")
    private @Nullable String stability;

    SetCommand(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws IOException {
      boolean forSeries = series != null || mode != null;
      boolean forEvents = events != null || stability != null;
      if (forSeries == forEvents) {
        throw CommandFailure.wrongUse(
            "expected --series and --mode, or --events and --class; see `tracery policy set --help`");
      }
      UpdatePolicyRequest request = forSeries ? ofSeries() : ofEvents();
      return server.ask(
          console,
          client -> {
            GetPolicyResponse policy = client.updatePolicy(request);
            write(console, output, policy);
            return ExitStatus.FINE;
          });
    }

    private UpdatePolicyRequest ofSeries() {
      if (series == null || mode == null) {
        throw CommandFailure.wrongUse("--series and --mode go together");
      }
      return UpdatePolicyRequest.newBuilder()
          .addModes(
              SeriesModeRule.newBuilder()
                  .setSeries(series)
                  .setMode(
                      constant(
                          "--mode",
                          SeriesMode.class,
                          MODE,
                          mode,
                          SeriesMode.SERIES_MODE_UNSPECIFIED)))
          .build();
    }

    private UpdatePolicyRequest ofEvents() {
      if (events == null || stability == null) {
        throw CommandFailure.wrongUse("--events and --class go together");
      }
      return UpdatePolicyRequest.newBuilder()
          .addStability(
              StabilityRule.newBuilder()
                  .setEvents(events)
                  .setStability(
                      constant(
                          "--class",
                          StabilityClass.class,
                          CLASS,
                          stability,
                          StabilityClass.STABILITY_CLASS_UNSPECIFIED)))
          .build();
    }

    private static <E extends Enum<E>> E constant(
        String option, Class<E> type, String prefix, String text, E unspecified) {
      return text.equals("default")
          ? unspecified
          : ServerEnums.read(type, prefix, text)
              .orElseThrow(() ->
                  CommandFailure.wrongUse(
                      option
                          + ": expected "
                          + String.join(", ", ServerEnums.names(type, prefix))
                          + " or default but found "
                          + Terms.printable(text)));
    }
  }
}
