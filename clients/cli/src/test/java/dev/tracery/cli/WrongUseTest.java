package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// None of these reaches a server.
final class WrongUseTest {

  private static final Pattern BLANK = Pattern.compile(" ");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          -                                   | expected a command; see `tracery --help`
          kernel                              | there is no command kernel (did you mean kernels?); see `tracery --help`
          stauts                              | there is no command stauts (did you mean status?); see `tracery --help`
          list                                | there is no command list; see `tracery --help`
          help nope                           | Unknown subcommand 'nope'; see `tracery --help`
          --versoin                           | there is no option --versoin (did you mean --version?); see `tracery --help`
          --verbose                           | there is no option --verbose; see `tracery --help`
          show                                | Missing required parameter: 'EVENT'; see `tracery show --help`
          show a/b c/d                        | Unmatched argument at index 2: 'c/d'; see `tracery show --help`
          show a/b --format layout            | --format layout needs --kernel or --layout: a schema has many layouts
          show a/b --format plan --version 1  | --format plan needs --kernel or --layout: a schema has many layouts
          show a/b --version 0                | --version: expected 1 or more but found 0
          show a/b --version x                | Invalid value for option '--version': 'x' is not an int; see `tracery show --help`
          show a/b --layout abc               | --layout: expected 64 hexadecimal digits but found "abc"
          show a/b --output xml               | Invalid value for option '--output': expected one of [text, json] (case-sensitive) but was 'xml'; see `tracery show --help`
          kernels --at-revision -1            | --at-revision: expected 0 or more but found -1
          kernels --server nowhere:x          | --server: expected HOST:PORT, with a port from 1 to 65535, but found "nowhere:x"
          diff one                            | expected two kernels, or --event and --from; see `tracery diff --help`
          diff one two --from 1               | expected two kernels, or --event and --from; see `tracery diff --help`
          diff --event a/b --from 0           | --from: expected 1 or more but found 0
          watch --after -2                    | --after: expected 0 or more but found -2
          kernels --series=                   | --series: expected a name but found ""
          register --series=                  | --series: expected a name but found ""
          register --word-size 16             | --word-size: expected 32 or 64 but found 16
          import src                          | src: is a directory
          import no-such-file                 | no-such-file: no such file or directory
          export src                          | src: is a directory
          compile src                         | Missing required option: '--out=DIR'; see `tracery compile --help`
          compile src --out src               | --out: src is not empty; --force replaces what was written there before
          compile src --out src --force       | --out: src has "main", which tracery compile does not write; it is not replaced
          compile src --out pom.xml           | --out: pom.xml is not a directory
          """)
  void isOneLineAndExitStatus2(String line, String message) {
    Run run = line == null ? Run.of() : Run.of(BLANK.split(line.strip()));

    assertEquals(new Run(2, "", "tracery: " + message + "\n"), run);
  }

  @Test
  void namesTheVariableThatIsWrong() {
    assertEquals(
        new Run(
            2,
            "",
            "tracery: TRACERY_SERVER: expected HOST:PORT, with a port from 1 to 65535, but found"
                + " \"a b\"\n"),
        Run.in(Map.of("TRACERY_SERVER", "a b"), "kernels"));
  }
}
