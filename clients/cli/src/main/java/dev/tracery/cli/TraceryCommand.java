package dev.tracery.cli;

import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command without a subcommand, and the list of those that there are.
@Command(
    name = "tracery",
    description = "A registry for the Linux kernel's trace events.",
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = TraceryCommand.VersionText.class,
    footer = {
      "",
      "Exit status: 0 fine, 1 a verdict against, 2 wrong use or bad input, 3 the server cannot be",
      "reached or failed. Environment: TRACERY_SERVER (HOST:PORT of the registry), NO_COLOR,",
      "TRACERY_DEBUG=1 (stack traces).",
      "",
      "Example:",
      "  $ tracery serve &",
      "  $ sudo tracery register --series my-machine",
      "  $ tracery show sched/sched_switch"
    })
final class TraceryCommand implements Callable<Integer> {

  /// Words and version of the command.
  static final class VersionText implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"tracery " + Version.TEXT};
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  /// Runs one command.
  ///
  /// @return its exit status
  static int run(Console console, String... args) {
    Failures failures = new Failures(console);
    try {
      int status = commandLine(console, failures).execute(args);
      console.out().flush();
      return status;
    } catch (RuntimeException | Error e) {
      return failures.tell(e);
    }
  }

  private static CommandLine commandLine(Console console, Failures failures) {
    CommandLine line = new CommandLine(new TraceryCommand());
    for (Object command : commands(console)) {
      line.addSubcommand(command);
    }
    line.setOut(
        new PrintWriter(
            new OutputStreamWriter(console.out().bytes(), StandardCharsets.UTF_8), true));
    line.setErr(new PrintWriter(console.err(), true, StandardCharsets.UTF_8));
    line.setColorScheme(CommandLine.Help.defaultColorScheme(console.colour() ? Ansi.ON : Ansi.OFF));
    line.setUsageHelpWidth(100);
    line.setUsageHelpAutoWidth(false);
    line.setCaseInsensitiveEnumValuesAllowed(false);
    line.setParameterExceptionHandler((e, args) -> tellWrongUse(console, e));
    line.setExecutionExceptionHandler((e, command, parsed) -> failures.tell(e));
    addHelp(line);
    return line;
  }

  private static List<Object> commands(Console console) {
    return List.of(
        new ServeCommand(),
        new CompileCommand(console),
        new RegisterCommand(console),
        new KernelsCommand(console),
        new EventsCommand(console),
        new ShowCommand(console),
        new DiffCommand(console),
        new WatchCommand(console),
        new ExportCommand(console),
        new ImportCommand(console),
        new StatusCommand(console));
  }

  /// Gives every command `--help` and the root `--version`.
  private static void addHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    line.getSubcommands()
        .values()
        .forEach(sub ->
            sub.getCommandSpec()
                .addOption(
                    CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build()));
  }

  private static int tellWrongUse(Console console, ParameterException e) {
    String message = message(e).replaceAll("\\s*\\R\\s*", " ");
    console
        .err()
        .println(
            "tracery: "
                + Terms.printable(message)
                + "; see `"
                + e.getCommandLine().getCommandSpec().qualifiedName()
                + " --help`");
    return ExitStatus.WRONG_USE;
  }

  private static String message(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && !unmatched.getUnmatched().isEmpty()
        && e.getCommandLine().getParent() == null) {
      List<String> near = unmatched.getSuggestions();
      String word = unmatched.getUnmatched().getFirst();
      return (word.startsWith("-") ? "there is no option " : "there is no command ")
          + word
          + (near.isEmpty() ? "" : "; did you mean " + near.getFirst() + "?");
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }
}
