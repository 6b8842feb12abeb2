package dev.tracery.cli;

import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
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
      "reached or failed. Environment: TRACERY_SERVER (HOST:PORT of the registry), TRACERY_TLS=1,",
      "TRACERY_TLS_CA, TRACERY_TLS_CERT, TRACERY_TLS_KEY and TRACERY_TOKEN_FILE (as the options of",
      "these names), NO_COLOR, TRACERY_DEBUG=1 (stack traces).",
      "",
      "Example:",
      "  $ tracery serve",
      "and, when it listens, in another terminal:",
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

  private static final class Grpc {
    /// Held here, because a logger that nobody holds loses its level.
    static final Logger LOGGER = Logger.getLogger("io.grpc");
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  /// Runs one command.
  ///
  /// @return its exit status
  static int run(Console console, String... args) {
    Failures failures = new Failures(console);
    try {
      Optional<TranslateCommand> plain = TranslateCommand.plain(console, args);
      int status =
          plain.isPresent() ? plain.get().call() : commandLine(console, failures).execute(args);
      console.out().flush();
      return status;
    } catch (IOException | RuntimeException | Error e) {
      return failures.tell(e);
    }
  }

  private static CommandLine commandLine(Console console, Failures failures) {
    if (!console.debug()) {
      // Why: what gRPC logs about a failed connection is said by the failure itself, in one line.
      Grpc.LOGGER.setLevel(Level.OFF);
    }
    CommandLine line = new CommandLine(new TraceryCommand());
    for (Object command : commands(console)) {
      line.addSubcommand(command);
    }
    CommandLine help = new CommandLine(new CommandLine.HelpCommand());
    help.getCommandSpec().usageMessage().header("Show this help, or that of a command.");
    line.addSubcommand("help", help);
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
        new CheckCommand(console),
        new CanRunCommand(console),
        ConsumersCommand.line(console),
        new WhoUsesCommand(console),
        new WaiveCommand(console),
        new WaiversCommand(console),
        PolicyCommand.line(console),
        new NegotiateCommand(console),
        new TranslateCommand(console),
        TranslatorsCommand.line(console),
        new WatchCommand(console),
        new ExportCommand(console),
        new ImportCommand(console),
        new StatusCommand(console),
        new BatchCommand(console));
  }

  /// Gives every command `--help` and the root `--version`.
  private static void addHelp(CommandLine line) {
    line.getCommandSpec().mixinStandardHelpOptions(true);
    allSubcommands(line)
        .filter(sub -> sub.getCommandSpec().findOption("--help") == null)
        .forEach(sub ->
            sub.getCommandSpec()
                .addOption(
                    CommandLine.Model.OptionSpec.builder("-h", "--help")
                        .usageHelp(true)
                        .description("Show this help and exit.")
                        .build()));
  }

  private static Stream<CommandLine> allSubcommands(CommandLine line) {
    return line.getSubcommands().values().stream()
        .flatMap(sub -> Stream.concat(Stream.of(sub), allSubcommands(sub)));
  }

  private static int tellWrongUse(Console console, ParameterException e) {
    String message = message(e).replaceAll("\\s*\\R\\s*", " ").replaceAll("[.\\s]+$", "");
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
      String word = unmatched.getUnmatched().getFirst();
      return (word.startsWith("-") ? "there is no option " : "there is no command ")
          + word
          + near(word, e.getCommandLine()).map(near -> " (did you mean " + near + "?)").orElse("");
    }
    return String.valueOf(e.getMessage());
  }

  /// What was perhaps meant: a name of the same kind that at most two edits lead to.
  private static Optional<String> near(String word, CommandLine line) {
    Collection<String> names =
        word.startsWith("-")
            ? line.getCommandSpec().optionsMap().keySet()
            : line.getSubcommands().keySet();
    return names.stream()
        .filter(name -> distance(word, name) <= (word.length() > 3 ? 2 : 1))
        .min(Comparator.comparingInt(name -> distance(word, name)));
  }

  /// How many characters must be inserted, removed or replaced (Levenshtein).
  private static int distance(String from, String to) {
    int[] last = new int[to.length() + 1];
    for (int j = 0; j < last.length; j++) {
      last[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int[] next = new int[to.length() + 1];
      next[0] = i;
      for (int j = 1; j < next.length; j++) {
        int replaced = last[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        next[j] = Math.min(replaced, 1 + Math.min(last[j], next[j - 1]));
      }
      last = next;
    }
    return last[to.length()];
  }

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "expected a command");
  }
}
