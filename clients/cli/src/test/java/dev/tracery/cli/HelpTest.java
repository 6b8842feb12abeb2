package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HelpTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "serve",
        "compile",
        "register",
        "kernels",
        "events",
        "show",
        "diff",
        "check",
        "can-run",
        "consumers",
        "consumers show",
        "consumers declare",
        "consumers withdraw",
        "who-uses",
        "waive",
        "waivers",
        "policy",
        "policy set",
        "negotiate",
        "translate",
        "translators",
        "translators install",
        "translators remove",
        "watch",
        "export",
        "import",
        "status"
      })
  void everyCommandExplainsItselfWithAnExample(String command) {
    Run help = command.isEmpty() ? Run.of("--help") : Run.of((command + " --help").split(" "));

    assertEquals(0, help.status());
    assertEquals("", help.err());
    assertTrue(help.out().contains("\nExample"), help.out());
    Golden.check("help-" + (command.isEmpty() ? "tracery" : command.replace(' ', '-')), help.out());
  }

  @Test
  void helpIsACommandToo() {
    assertEquals(Run.of("--help"), Run.of("help"));
    assertEquals(Run.of("show", "--help"), Run.of("help", "show"));
  }

  @Test
  void theVersionIsTheBuilds() {
    assertTrue(Run.of("--version").out().matches("tracery \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n"));
  }

  @Test
  void serveSaysHowItIsStarted() {
    assertEquals(
        new Run(
            2,
            "",
            "tracery: the registry is started by the tracery script: run `./tracery serve` in the"
                + " folder where it is\n"),
        Run.of("serve"));
  }
}
