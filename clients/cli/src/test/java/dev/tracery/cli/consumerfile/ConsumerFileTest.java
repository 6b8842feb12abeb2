package dev.tracery.cli.consumerfile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.TextFormat;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.v1.Consumer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class ConsumerFileTest {

  private static final Path ROOT = Path.of("..", "..");
  private static final Pattern EXAMPLE = Pattern.compile("(?s)```yaml\n(.*?)```");

  /// Every consumer file that is committed, and every example of the documentation.
  static List<String> examples() throws IOException {
    List<String> examples = new ArrayList<>();
    Matcher example =
        EXAMPLE.matcher(Files.readString(ROOT.resolve("docs").resolve("consumers.md")));
    while (example.find()) {
      examples.add(example.group(1));
    }
    for (Path file : ConsumerFile.files(ROOT.resolve("it-tests/src/test/resources/consumers"))) {
      examples.add(Files.readString(file));
    }
    assertTrue(examples.size() >= 13, examples.size() + " examples");
    return examples;
  }

  @ParameterizedTest
  @MethodSource("examples")
  void committedFilesAreAccepted(String text) {
    assertEquals(List.of(), parse(text).diagnostics());
    assertTrue(parse(text).consumer().isPresent());
  }

  @ParameterizedTest
  @MethodSource("examples")
  void theSchemaAcceptsThem(String text) throws IOException {
    assertEquals(List.of(), ConsumerSchema.problems(text));
  }

  @Test
  void aFileIsAConsumer() throws Exception {
    Consumer.Builder expected = Consumer.newBuilder();
    TextFormat.merge(
        """
        name: "t" version: "0.10" source: "here"
        requirements {
          any_of {
            event: "sched/sched_switch" access: ACCESS_CLASS_BY_NAME
            fields { names: "prev_pid" }
            fields { names: "prev_state" interprets_values: true }
            fields { names: "page" names: "pfn" optional: true }
          }
        }
        requirements {
          optional: true
          any_of { event: "a/b" access: ACCESS_CLASS_RAW_ARGS
            parameters { parameters { type: "bool" } parameters { type: "int" name: "x" } } }
          any_of { event: "a/c" access: ACCESS_CLASS_PRINT_TEXT text { keys { keys: "k" } } }
          any_of { event: "a/d" access: ACCESS_CLASS_BY_OFFSET
            fields { place { offset: 8 size: 4 signed: false } } }
        }
        """,
        expected);
    assertEquals(
        Optional.of(expected.build()),
        parse(
                """
                name: t
                version: 0.10
                source: here
                uses:
                  - event: sched/sched_switch
                    access: BY_NAME
                    fields: [prev_pid, {name: prev_state, values: true}, {name: [page, pfn], optional: true}]
                  - optional: true
                    any-of:
                      - {event: a/b, access: RAW_ARGS, parameters: [bool, {type: int, name: x}]}
                      - {event: a/c, access: PRINT_TEXT, keys: k}
                      - {event: a/d, access: BY_OFFSET, fields: [{offset: 8, size: 4, signed: false}]}
                """)
            .consumer());
  }

  /// One use, and what is wrong with it. The use begins in line 4, column 5.
  @ParameterizedTest
  @CsvSource(
      delimiterString = "=>",
      value = {
        "{event: a/b} =>4:5: error KEY_MISSING: expected how the event is read but found no key access"
            + " (one of BY_NAME, BY_OFFSET, POSITIONAL, BTF_STRUCT, PRINT_TEXT, RAW_ARGS,"
            + " PINNED_KERNEL)",
        "{event: a/b, access: by-name} =>4:26: error VALUE_KIND: expected one of BY_NAME, BY_OFFSET,"
            + " POSITIONAL, BTF_STRUCT, PRINT_TEXT, RAW_ARGS, PINNED_KERNEL but found \"by-name\"",
        "{event: a/b, access: BY_NAME, feilds: [x]} =>4:35: error KEY_UNKNOWN: expected a key of a use"
            + " but found \"feilds\" (the keys are event, access, fields, exact-count, struct,"
            + " pattern, keys, whole-text, parameters, kernel, reference-layout, optional, any-of)",
        "{event: a/b, access: BY_NAME, access: BY_NAME} =>4:35: error KEY_TWICE: the key access is"
            + " given twice",
        "{event: a b, access: BY_NAME} =>4:13: error VALUE_INVALID: event: expected system/name but"
            + " found \"a b\", which has no '/'",
        "{event: a/b, access: BY_NAME, fields: [x, y, x]} =>4:50: error VALUE_INVALID: name: \"x\" is"
            + " listed twice; consumer.requirements[0].any_of[0].fields[0].names[0] has it, too",
        "{event: a/b, access: BY_NAME, fields: x} =>4:43: error VALUE_KIND: expected a list but found"
            + " \"x\"",
        "{event: a/b, access: BY_NAME, fields: [{name: x, optional: maybe}]} =>4:64: error"
            + " VALUE_KIND: expected true or false but found \"maybe\"",
        "{event: a/b, access: BY_OFFSET, fields: [{name: x, offset: -1, size: 4}]} =>4:64: error"
            + " VALUE_KIND: expected a whole number from 0 but found \"-1\"",
        "{event: a/b, access: BY_OFFSET, fields: [{name: x, offset: 8}]} =>4:46: error VALUE_INVALID:"
            + " size: expected 1 to 65528 but found 0",
        "{event: a/b, access: PRINT_TEXT, keys: [a], pattern: b} =>4:5: error KEY_UNKNOWN: expected"
            + " one of pattern, keys and whole-text but found pattern and keys",
        "{event: a/b, any-of: [{event: a/b, access: BY_NAME}]} =>4:13: error KEY_UNKNOWN: beside any-of"
            + " there is optional only, and not event (write it into each of the alternatives)",
        "sched/sched_switch =>4:5: error VALUE_KIND: expected a use, which has keys such as event but"
            + " found \"sched/sched_switch\"",
        "{event: a/b, access: BY_NAME, reference-layout: 12x} =>4:53: error VALUE_KIND: expected 64"
            + " hexadecimal digits but found \"12x\"",
      })
  void whatIsWrongIsSaidWithLineAndColumn(String use, String problem) {
    ConsumerFile read = parse("name: t\nversion: 1\nuses:\n  - " + use + "\n");
    assertFalse(read.consumer().isPresent());
    assertEquals("t.yaml:" + problem, read.diagnostics().getFirst().toString());
  }

  @Test
  void allThatIsWrongIsSaid() {
    assertEquals(
        """
        t.yaml:1:7: error VALUE_INVALID: name: cannot contain the character U+0020, at position 2
        t.yaml:1:1: error VALUE_INVALID: version: expected the tool's version but found nothing
        t.yaml:3:12: error VALUE_INVALID: event: expected system/name but found "ab", which has no '/'\
        """,
        text(
            parse(
                """
                name: a b
                uses:
                  - event: ab
                    access: BY_NAME
                """)));
  }

  @Test
  void aControlCharacterInANameIsRefused() {
    assertEquals(
        "t.yaml:1:7: error VALUE_INVALID: name: cannot contain the character U+001B, at position 2",
        text(parse("name: \"a\\x1b[1m\"\nversion: 1\nuses: [{event: a/b, access: BY_NAME}]\n")));
  }

  @Test
  void textThatIsNoYaml() {
    assertTrue(text(parse("uses: [")).startsWith("t.yaml:1:8: error YAML_SYNTAX: "));
    assertEquals(
        "t.yaml: error KEY_MISSING: expected name, version and uses but found nothing",
        text(parse("")));
    assertEquals(
        "t.yaml: error YAML_SYNTAX: expected UTF-8 but found other bytes",
        text(ConsumerFile.parse("t.yaml", new byte[] {(byte) 0xff})));
    assertTrue(text(parse("a: \u0001")).contains("error YAML_SYNTAX"));
  }

  @Test
  void whatMakesSmallFilesLargeIsRefused() {
    assertEquals(
        "t.yaml:2:4: error YAML_ALIAS: aliases are not accepted (write out what it stands for)",
        text(parse("a: &a [x, x]\nb: *a\n")));
    assertEquals(
        "t.yaml:1:17: error YAML_DEPTH: nested more than 16 deep",
        text(parse("[".repeat(100_000))));
    assertEquals(
        "t.yaml:2:1: error YAML_DOCUMENTS: expected one document but found another (one tool a"
            + " file)",
        text(parse("a: b\n---\nc: d\n")));
    assertEquals(
        "t.yaml: error FILE_TOO_LARGE: the file has more than 1048576 bytes (declare the tool in"
            + " parts, as several tools)",
        text(parse("#".repeat(ConsumerFile.MAX_BYTES + 1))));
  }

  @Test
  void theSchemaRefusesWhatTheReaderRefuses() throws IOException {
    for (String use :
        List.of(
            "{event: a/b}",
            "{event: a/b, access: by-name}",
            "{event: a/b, access: BY_NAME, feilds: [x]}",
            "{event: a b, access: BY_NAME}",
            "{event: a/b, access: BY_NAME, struct: x}",
            "{event: a/b, access: BTF_STRUCT}",
            "{event: a/b, access: PRINT_TEXT}",
            "{event: a/b, access: RAW_ARGS}",
            "{event: a/b, access: BY_OFFSET, fields: [x]}",
            "{access: PINNED_KERNEL}",
            "{any-of: []}")) {
      String file = "name: t\nversion: '1'\nuses:\n  - " + use + "\n";
      assertFalse(parse(file).consumer().isPresent(), use);
      assertFalse(ConsumerSchema.problems(file).isEmpty(), use);
    }
  }

  @Test
  void aFolderStandsForItsFiles(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("b.yaml"), "");
    Files.writeString(folder.resolve("a.yml"), "");
    Files.writeString(folder.resolve("README.md"), "");
    assertEquals(
        List.of(folder.resolve("a.yml"), folder.resolve("b.yaml")), ConsumerFile.files(folder));
  }

  private static ConsumerFile parse(String text) {
    return ConsumerFile.parse("t.yaml", text.getBytes(StandardCharsets.UTF_8));
  }

  private static String text(ConsumerFile file) {
    return file.diagnostics().stream().map(Diagnostic::toString).collect(Collectors.joining("\n"));
  }
}
