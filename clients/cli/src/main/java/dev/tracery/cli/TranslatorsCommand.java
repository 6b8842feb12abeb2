package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.InstallTranslatorResponse;
import dev.tracery.v1.Translator;
import dev.tracery.v1.TranslatorOrigin;
import dev.tracery.v1.TranslatorState;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Lists the bundles that translate and bridge.
@Command(
    name = "translators",
    description = {
      "List the bundles with which the registry translates records and bridges fields.",
      "",
      "It makes one for a kernel when it first translates a trace of it, and drops those that were",
      "not used for longest. Others are installed by people. One that fails is quarantined until it",
      "is updated, and the interpreter stands in for it."
    },
    footer = {
      "",
      "Examples:",
      "  $ tracery translators",
      "  $ tracery translators install my-bridge.jar",
      "  $ tracery translators remove my-bridge"
    })
final class TranslatorsCommand implements Callable<Integer> {

  private final Console console;

  @Mixin private ServerOptions server = new ServerOptions();
  @Mixin private OutputFormat output = new OutputFormat();

  private TranslatorsCommand(Console console) {
    this.console = console;
  }

  /// The command with its subcommands.
  static CommandLine line(Console console) {
    return new CommandLine(new TranslatorsCommand(console))
        .addSubcommand(new Install(console))
        .addSubcommand(new Remove(console));
  }

  @Override
  public Integer call() throws IOException {
    return server.ask(
        console,
        client -> {
          List<Translator> translators = client.translators();
          if (output.json()) {
            translators.forEach(translator -> console.out().line(Json.line(translator)));
          } else {
            write(translators);
          }
          return ExitStatus.FINE;
        });
  }

  private void write(List<Translator> translators) {
    Table table =
        new Table(
            console.out(),
            Palette.of(console),
            List.of(
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT),
            List.of(
                "NAME", "VERSION", "ORIGIN", "STATE", "RELEASE", "LAYOUTS", "RECORDS", "STREAMS",
                "BRIDGES"));
    for (Translator translator : translators) {
      table.row(
          Terms.printable(translator.getName()),
          Terms.printable(translator.getVersion()),
          origin(translator.getOrigin()),
          state(translator.getState()),
          translator.getRelease().isEmpty() ? "-" : Terms.printable(translator.getRelease()),
          Integer.toString(translator.getLayouts()),
          Long.toString(translator.getTranslatedRecords()),
          Integer.toString(translator.getActiveStreams()),
          bridges(translator.getBridgedFieldsList()));
    }
    table.end();
    for (Translator translator : translators) {
      if (!translator.getStateReason().isEmpty()) {
        console
            .out()
            .line(
                Terms.printable(
                    translator.getName()
                        + " "
                        + translator.getVersion()
                        + ": "
                        + translator.getStateReason()));
      }
    }
    if (translators.isEmpty()) {
      console.err().println("tracery: no translator is installed, and none was made yet");
    }
  }

  /// The first of them; JSON has all.
  private static String bridges(List<String> fields) {
    return switch (fields.size()) {
      case 0 -> "-";
      case 1 -> Terms.printable(fields.getFirst());
      default -> Terms.printable(fields.getFirst()) + " and " + (fields.size() - 1) + " more";
    };
  }

  private static String origin(TranslatorOrigin origin) {
    return switch (origin) {
      case TRANSLATOR_ORIGIN_GENERATED -> "generated";
      case TRANSLATOR_ORIGIN_INSTALLED -> "installed";
      case TRANSLATOR_ORIGIN_UNSPECIFIED, UNRECOGNIZED -> "?";
    };
  }

  private static String state(TranslatorState state) {
    return switch (state) {
      case TRANSLATOR_STATE_ACTIVE -> "active";
      case TRANSLATOR_STATE_QUARANTINED -> "quarantined";
      case TRANSLATOR_STATE_DRAINING -> "draining";
      case TRANSLATOR_STATE_UNSPECIFIED, UNRECOGNIZED -> "?";
    };
  }

  /// Installs a bundle.
  @Command(
      name = "install",
      description = {
        "Install a bundle, or update the one of the same symbolic name. It stays over restarts.",
        "",
        "Its code runs in the server. Streams that run finish with what they began with."
      },
      footer = {"", "Example:", "  $ tracery translators install my-bridge.jar"})
  static final class Install implements Callable<Integer> {

    private final Console console;

    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "FILE", description = "The bundle's jar.")
    private Path file = Path.of("");

    private Install(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws IOException {
      try (InputStream jar = Files.newInputStream(file)) {
        return server.ask(
            console,
            client -> {
              InstallTranslatorResponse answer = client.installTranslator(jar);
              if (output.json()) {
                console.out().line(Json.line(answer));
              } else {
                String replaced = answer.getReplacedVersion();
                console
                    .out()
                    .line(
                        named(answer.getTranslator())
                            + ": installed"
                            + (replaced.isEmpty()
                                ? ""
                                : ", in place of " + Terms.printable(replaced)));
              }
              return ExitStatus.FINE;
            });
      }
    }
  }

  /// Removes a bundle.
  @Command(
      name = "remove",
      description = "Remove a bundle. Streams that use it finish with it.",
      footer = {"", "Example:", "  $ tracery translators remove my-bridge"})
  static final class Remove implements Callable<Integer> {

    private final Console console;

    @Mixin private ServerOptions server = new ServerOptions();
    @Mixin private OutputFormat output = new OutputFormat();

    @Parameters(paramLabel = "NAME", description = "The bundle's symbolic name.")
    private String name = "";

    private Remove(Console console) {
      this.console = console;
    }

    @Override
    public Integer call() throws IOException {
      return server.ask(
          console,
          client -> {
            Translator removed = client.removeTranslator(name);
            console.out().line(output.json() ? Json.line(removed) : named(removed) + ": removed");
            return ExitStatus.FINE;
          });
    }
  }

  private static String named(Translator translator) {
    return Terms.printable(translator.getName() + " " + translator.getVersion());
  }
}
