package dev.tracery.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.syntax.DiagnosticCode;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way a format file can be wrong, and what is said about it.
class FormatDiagnosticsTest {

  /// Line 1 is the name, line 4 the first common field, line 9 the first field, line 12 the print
  /// format.
  private static final String GOOD =
      """
      name: event
      ID: 1
      format:
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

      \tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:1;
      \tfield:pid_t pid;\toffset:24;\tsize:4;\tsigned:1;

      print fmt: "comm=%s pid=%d", REC->comm, REC->pid
      """;

  private static final FormatLimits SMALL = new FormatLimits(2000, 8, 256, 3);

  /// One damage: which text of the good file becomes which, and every diagnostic.
  private record Case(String name, UnaryOperator<String> damage, String diagnostics) {
    @Override
    public String toString() {
      return name;
    }
  }

  static final List<Case> CASES =
      List.of(
          change("nothing", "", "", ""),
          // Lines
          whole(
              "an empty file",
              "",
              "event/format:1:1: error FORMAT_EMPTY: expected a format but the file is empty"),
          whole(
              "line feeds and NULs",
              "\n\0\n",
              "event/format:1:1: error FORMAT_EMPTY: expected a format but the file is empty"),
          whole(
              "something else",
              "#!/bin/sh\necho\n",
              """
              event/format:1:1: error LINE_UNEXPECTED: expected name, ID and format but found "#!/bin/sh"
              event/format:1:1: error LINE_MISSING: expected a line "name:" but the file has none
              event/format:1:1: error LINE_MISSING: expected a line "ID:" but the file has none
              event/format:2:1: error LINE_UNEXPECTED: expected name, ID and format but found "echo"
              event/format:2:5: error LINE_MISSING: expected a line "format:" but the file has none (the file may be truncated)
              event/format:2:5: error LINE_MISSING: expected a line "print fmt:" but the file has none (the file may be truncated)
              """),
          new Case(
              "a file cut after the fields",
              text -> text.substring(0, text.indexOf("\nprint fmt")),
              """
              event/format:10:47: error LINE_MISSING: expected a line "print fmt:" but the file has none (the file may be truncated)
              """),
          new Case(
              "a file cut inside a field",
              text -> text.substring(0, text.indexOf("size:16")),
              """
              event/format:9:33: error FIELD_COLUMN_MISSING: expected "size:" but found the line's end
              event/format:9:33: error LINE_MISSING: expected a line "print fmt:" but the file has none (the file may be truncated)
              """),
          change(
              "no name",
              "name: event\n",
              "",
              """
              event/format:1:1: error LINE_MISSING: expected a line "name:" but the file has none
              """),
          change(
              "an empty name",
              "name: event",
              "name: ",
              """
              event/format:1:7: error NAME_INVALID: expected the event's name but found none
              """),
          change(
              "a name that is a path",
              "name: event",
              "name: ../event",
              """
              event/format:1:9: error NAME_INVALID: an event's name cannot have "/" in it
              """),
          change(
              "a name that is not ASCII",
              "name: event",
              "name: evént",
              """
              event/format:1:9: error NAME_INVALID: an event's name cannot have "\\xc3" in it
              """),
          change(
              "a name of dots",
              "name: event",
              "name: ..",
              """
              event/format:1:7: error NAME_INVALID: an event's name cannot be ".."
              """),
          change(
              "a long name",
              "name: event",
              "name: " + "e".repeat(256),
              """
              event/format:1:7: error NAME_INVALID: the event's name has 256 bytes; at most 255 are allowed
              """),
          change(
              "two names",
              "name: event\n",
              "name: event\nname: other\n",
              """
              event/format:2:1: error LINE_MISPLACED: expected one line "name:" but found another
              """),
          change(
              "a garbled name",
              "name:",
              "nome:",
              """
              event/format:1:1: error LINE_UNEXPECTED: expected name, ID and format but found "nome: event"
              event/format:1:1: error LINE_MISSING: expected a line "name:" but the file has none
              """),
          change(
              "no id",
              "ID: 1\n",
              "",
              """
              event/format:1:1: error LINE_MISSING: expected a line "ID:" but the file has none
              """),
          change(
              "two ids",
              "ID: 1\n",
              "ID: 1\nID: 2\n",
              """
              event/format:3:1: error LINE_MISPLACED: expected one line "ID:" but found another
              """),
          change(
              "an id that is no number",
              "ID: 1",
              "ID: x1",
              """
              event/format:2:5: error ID_INVALID: expected a number from 0 to 65535 but found "x1"
              """),
          change(
              "an id that is too large",
              "ID: 1",
              "ID: 65536",
              """
              event/format:2:5: error ID_INVALID: expected a number from 0 to 65535 but found "65536"
              """),
          change(
              "an id that overflows",
              "ID: 1",
              "ID: 4294967297",
              """
              event/format:2:5: error ID_INVALID: expected a number from 0 to 65535 but found "4294967297"
              """),
          change(
              "no format line",
              "format:\n",
              "",
              """
              event/format:3:1: error LINE_MISPLACED: expected "format:" before the first field line
              """),
          change(
              "two format lines",
              "\nprint",
              "format:\nprint",
              """
              event/format:11:1: error LINE_MISPLACED: expected one line "format:" but found another
              """),
          change(
              "a format line with more on it",
              "format:\n",
              "format: x\n",
              """
              event/format:3:8: error LINE_UNEXPECTED: expected the line's end but found " x"
              """),
          change(
              "a line that no format has",
              "\nprint",
              "hello\nprint",
              """
              event/format:11:1: error LINE_UNEXPECTED: expected a field line or "print fmt:" but found "hello"
              """),
          change(
              "another format after this one",
              "REC->pid\n",
              "REC->pid\nname: other\n",
              """
              event/format:13:1: error LINE_UNEXPECTED: expected the end of the file after the print format but found another line
              """),
          // Characters
          change(
              "a NUL in the middle",
              "pid_t pid",
              "pid_t\0pid",
              """
              event/format:10:13: error FORMAT_HAS_CONTROL_CHARACTER: expected text but found a NUL
              """),
          change(
              "a control character in a name",
              "name: event",
              "name: ev\u001b\u0007ent",
              """
              event/format:1:9: error FORMAT_HAS_CONTROL_CHARACTER: expected text but found the control character 0x1b and more
              """),
          change(
              "a carriage return",
              "ID: 1\n",
              "ID: 1\r\n",
              """
              event/format:2:6: error FORMAT_HAS_CONTROL_CHARACTER: expected text but found the control character 0x0d (line ends must be single line feeds)
              """),
          change(
              "a control character in the print format",
              "comm=%s",
              "comm\u0001%s",
              """
              event/format:12:17: error FORMAT_HAS_CONTROL_CHARACTER: expected text but found the control character 0x01
              """),
          // Fields
          change(
              "a field without an offset",
              "\toffset:24;",
              "",
              """
              event/format:10:19: error FIELD_COLUMN_MISSING: expected "offset:" but found "size:4;\\x09signed:1;"
              """),
          change(
              "a field without a size",
              "\tsize:16;",
              "",
              """
              event/format:9:33: error FIELD_COLUMN_MISSING: expected "size:" but found "signed:1;"
              """),
          change(
              "an offset that is no number",
              "offset:24",
              "offset:-1",
              """
              event/format:10:26: error FIELD_NUMBER_INVALID: expected a decimal number and ";" but found "-1;\\x09size:4;\\x09signed:1;"
              """),
          change(
              "an offset that overflows",
              "offset:24",
              "offset:99999999999999999999",
              """
              event/format:10:26: error FIELD_NUMBER_INVALID: the number "99999999999999999999" is too large
              """),
          change(
              "a sign that is neither 0 nor 1",
              "size:16;\tsigned:1",
              "size:16;\tsigned:2",
              """
              event/format:9:49: error FIELD_NUMBER_INVALID: expected 0 or 1 but found "2"
              """),
          change(
              "an offset beyond the record",
              "offset:24",
              "offset:65536",
              """
              event/format:10:18: error FIELD_BEYOND_RECORD: pid begins at byte 65536, beyond the 65536 bytes that a record can hold
              """),
          change(
              "a size beyond the record",
              "offset:24;\tsize:4;",
              "offset:24;\tsize:65513;",
              """
              event/format:10:29: error FIELD_BEYOND_RECORD: pid ends at byte 65537, beyond the 65536 bytes that a record can hold
              """),
          change(
              "the last size within the record",
              "size:4;\tsigned:1;\n\nprint",
              "size:65512;\tsigned:1;\n\nprint",
              """
              event/format:10:2: warning FIELD_SIZE_ODD: pid of type pid_t has 65512 bytes, which is no integer's size; it is read as bytes
              """),
          change(
              "fields that overlap",
              "offset:24",
              "offset:22",
              """
              event/format:10:2: error FIELD_OVERLAPS: pid (offset 22, size 4) overlaps comm (offset 8, size 16)
              """),
          change(
              "a field that overlaps a common one",
              "offset:8;",
              "offset:7;",
              """
              event/format:9:2: error FIELD_OVERLAPS: comm (offset 7, size 16) overlaps common_pid (offset 4, size 4)
              """),
          change(
              "a declaration without a name",
              "pid_t pid",
              "unsigned int",
              """
              event/format:10:8: error FIELD_NAME_MISSING: expected a type and a name but found "unsigned int"
              """),
          change(
              "a declaration without a type",
              "pid_t pid",
              "pid",
              """
              event/format:10:8: error FIELD_NAME_MISSING: expected a type and a name but found "pid"
              """),
          change(
              "a struct without a name",
              "pid_t pid",
              "struct pid",
              """
              event/format:10:8: error FIELD_NAME_MISSING: expected a type and a name but found "struct pid"
              """),
          change(
              "a field's name that begins with a digit",
              "pid_t pid",
              "pid_t 9pid",
              """
              event/format:10:14: error FIELD_NAME_INVALID: a field's name cannot be "9pid"
              """),
          change(
              "a field's name that is not ASCII",
              "pid_t pid",
              "pid_t pïd",
              """
              event/format:10:14: error FIELD_NAME_INVALID: a field's name cannot be "p\\xc3\\xafd"
              """),
          change(
              "a type that is no C",
              "pid_t pid",
              "pid=t pid",
              """
              event/format:10:8: error FIELD_TYPE_INVALID: expected a C type but found "pid=t"
              """),
          change(
              "a bracket that is not closed",
              "comm[16]",
              "comm[16",
              """
              event/format:9:8: error FIELD_GARBLED: expected the declaration's brackets to be closed but found "char comm[16;\\x09offset:8;\\x09size:16;\\x09signed:…"
              """),
          change(
              "a bracket that none opened",
              "comm[16]",
              "comm16]",
              """
              event/format:9:19: error FIELD_GARBLED: a bracket closes that none opened but found "];\\x09offset:8;\\x09size:16;\\x09signed:1;"
              """),
          change(
              "a line that is no field",
              "\tfield:pid_t",
              "\tfoo:pid_t",
              """
              event/format:10:2: error FIELD_GARBLED: expected "field:" but found "foo:pid_t pid;\\x09offset:24;\\x09size:4;\\x09signed…"
              """),
          change(
              "more on a field line",
              "size:16;\tsigned:1;",
              "size:16;\tsigned:1; x",
              """
              event/format:9:52: error FIELD_GARBLED: expected the line's end but found "x"
              """),
          change(
              "a column of some later kernel",
              "size:16;\tsigned:1;",
              "size:16;\tsigned:1;\tlen:5;",
              """
              event/format:9:52: warning FIELD_COLUMN_UNKNOWN: the column "len" is not known and was ignored
              """),
          change(
              "an array of unknown elements",
              "char comm[16]",
              "foo_t comm[N]",
              """
              event/format:9:2: warning FIELD_ELEMENT_UNKNOWN: how large the elements of comm are, whose type is foo_t[N], is not known; it is read as bytes
              """),
          change(
              "no common_type",
              "unsigned short common_type",
              "unsigned short common_kind",
              """
              event/format:4:1: error COMMON_TYPE_MISSING: expected a field common_type in the first block but found none
              """),
          change(
              "no common_pid",
              "int common_pid",
              "int common_tid",
              """
              event/format:4:1: warning COMMON_FIELD_MISSING: expected a field common_pid in the first block but found none
              """),
          change(
              "all problems of a file",
              "\tfield:char comm[16];\toffset:8;\tsize:16;\tsigned:1;\n\tfield:pid_t pid;\toffset:24;",
              "\tfield:char comm[16];\toffset:8;\tsize:16x;\tsigned:1;\n\tfield:pid_t pid;\toffset:;",
              """
              event/format:9:38: error FIELD_NUMBER_INVALID: expected a decimal number and ";" but found "16x;\\x09signed:1;"
              event/format:10:26: error FIELD_NUMBER_INVALID: expected a decimal number and ";" but found ";\\x09size:4;\\x09signed:1;"
              """),
          // The print format
          print(
              "an empty print format",
              "",
              """
              event/format:12:12: warning PRINT_EMPTY: expected a format string but found nothing
              """),
          print(
              "a string that does not end",
              "\"comm=%s, REC->comm",
              """
              event/format:12:12: error PRINT_STRING_UNTERMINATED: expected the string's closing quote but found the end of the file (the file may be truncated)
              """),
          print(
              "a string of a table that does not end",
              "\"%s\", __print_symbolic(REC->pid, {1, \"one}, {2, two})",
              """
              event/format:12:49: error PRINT_STRING_UNTERMINATED: expected the string's closing quote but found the end of the file (the file may be truncated)
              """),
          print(
              "brackets that are not closed",
              "\"%s\", __print_symbolic(REC->pid, {1, \"one\"",
              """
              event/format:12:34: error PRINT_BRACKET_UNBALANCED: expected a ")" for this bracket but found the end of the file (the file may be truncated)
              event/format:12:45: error PRINT_BRACKET_UNBALANCED: expected a "}" for this bracket but found the end of the file (the file may be truncated)
              """),
          print(
              "a bracket that closes none",
              "\"%d\", REC->pid)",
              """
              event/format:12:26: error PRINT_BRACKET_UNBALANCED: this ")" closes no bracket
              """),
          print(
              "a bracket that closes another",
              "\"%d\", (REC->pid]",
              """
              event/format:12:18: error PRINT_BRACKET_UNBALANCED: expected a ")" for this bracket but found "]" 9 bytes later
              """),
          print(
              "a field that the event does not have",
              "\"%d %s\", REC->nosuch + 1, __get_str(other)",
              """
              event/format:12:26: warning PRINT_FIELD_UNKNOWN: the print format names a field nosuch, which the event does not have
              event/format:12:48: warning PRINT_FIELD_UNKNOWN: the print format names a field other, which the event does not have
              """),
          print(
              "what is no C",
              "\"%d\", REC->pid REC->comm",
              """
              event/format:12:27: warning PRINT_NOT_UNDERSTOOD: expected a comma or the end but found "REC" (the print format is kept as text, without names of values)
              """),
          print(
              "a macro in the format string",
              "LOCAL_PR_FMT \"%d\", REC->pid",
              """
              event/format:12:12: warning PRINT_NOT_UNDERSTOOD: expected a format string but found "LOCAL_PR_FMT" (the print format is kept as text, without names of values)
              """),
          print(
              "a helper without its arguments",
              "\"%s\", __print_flags(REC->pid, {1, \"A\"})",
              """
              event/format:12:31: warning PRINT_NOT_UNDERSTOOD: __print_flags is not called with 1 arguments (the print format is kept as text, without names of values)
              """),
          print(
              "a number of more than 64 bits",
              "\"%d\", 0x10000000000000000",
              """
              event/format:12:18: warning PRINT_NOT_UNDERSTOOD: the number "0x10000000000000000" has more than 64 bits (the print format is kept as text, without names of values)
              """),
          print(
              "brackets nested too deep",
              "\"%d\", " + "(".repeat(257) + "1" + ")".repeat(257),
              """
              event/format:12:274: warning PRINT_NOT_UNDERSTOOD: the expression is nested more than 256 levels deep (the print format is kept as text, without names of values)
              """));

  /// Diagnostics of the limits, which [#SMALL] makes small.
  static final List<Case> LIMITS =
      List.of(
          whole(
              "a file over the limit",
              "x".repeat(2001),
              """
              event/format:1:1: error FORMAT_TOO_LARGE: the format has 2001 bytes; at most 2000 are allowed (the limit is configuration)
              """),
          new Case(
              "fields over the limit",
              text -> text.replace("\nprint", field(0) + field(1) + field(2) + "\nprint"),
              """
              event/format:13:1: error FIELDS_TOO_MANY: the format has more than 8 fields (the limit is configuration)
              """),
          new Case(
              "errors over the limit",
              text -> text.replace("\nprint", "a\nb\nc\nd\ne\nprint"),
              """
              event/format:11:1: error LINE_UNEXPECTED: expected a field line or "print fmt:" but found "a"
              event/format:12:1: error LINE_UNEXPECTED: expected a field line or "print fmt:" but found "b"
              event/format:13:1: error LINE_UNEXPECTED: expected a field line or "print fmt:" but found "c"
              event/format:13:1: error ERRORS_TOO_MANY: 2 more errors are not listed
              """),
          print(
              "warnings over the limit",
              "\"%d\", REC->a + REC->b + REC->c + REC->d",
              """
              event/format:12:23: warning PRINT_FIELD_UNKNOWN: the print format names a field a, which the event does not have
              event/format:12:32: warning PRINT_FIELD_UNKNOWN: the print format names a field b, which the event does not have
              event/format:12:41: warning PRINT_FIELD_UNKNOWN: the print format names a field c, which the event does not have
              event/format:12:41: warning WARNINGS_TOO_MANY: 1 more warnings are not listed
              """));

  @ParameterizedTest
  @MethodSource("cases")
  void each_damage_is_told_with_its_place(Case damage) {
    assertTold(damage, new FormatCompiler());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void places_are_the_same_where_the_common_fields_are_known(Case damage) {
    FormatCompiler compiler = new FormatCompiler();
    compiler.compile("other", bytes(GOOD.replace("event", "other_event")), Target.LITTLE_64);
    assertTold(damage, compiler);
  }

  @ParameterizedTest
  @MethodSource("limits")
  void limits_are_told_with_their_place(Case damage) {
    assertTold(damage, new FormatCompiler(SMALL));
  }

  @Test
  void every_code_has_a_case() {
    TreeSet<String> codes = new TreeSet<>();
    for (Case damage : CASES) {
      compile(new FormatCompiler(), damage).forEach(d -> codes.add(d.code()));
    }
    for (Case damage : LIMITS) {
      compile(new FormatCompiler(SMALL), damage).forEach(d -> codes.add(d.code()));
    }
    assertEquals(
        Arrays.stream(DiagnosticCode.values())
            .map(Enum::name)
            .collect(Collectors.toCollection(TreeSet::new)),
        codes);
  }

  @Test
  void the_id_is_known_though_the_rest_is_wrong() {
    assertEquals(
        1,
        new FormatCompiler()
            .compile("x", bytes(GOOD.replace("offset:24", "offset:22")), Target.LITTLE_64)
            .id());
    assertEquals(
        -1,
        new FormatCompiler()
            .compile("x", bytes(GOOD.replace("ID: 1", "ID: one")), Target.LITTLE_64)
            .id());
  }

  static List<Case> cases() {
    return CASES;
  }

  static List<Case> limits() {
    return LIMITS;
  }

  private static void assertTold(Case damage, FormatCompiler compiler) {
    byte[] text = bytes(damage.damage.apply(GOOD));
    FormatCompiler.Result result = compiler.compile("event/format", text, Target.LITTLE_64);
    assertEquals(
        damage.diagnostics.strip(),
        result.diagnostics().stream().map(Diagnostic::toString).collect(Collectors.joining("\n")));
    assertEquals(
        result.diagnostics().stream().anyMatch(d -> d.severity() == Severity.ERROR),
        result.layout().isEmpty());
    for (Diagnostic diagnostic : result.diagnostics()) {
      assertTrue(diagnostic.location().byteOffset() <= text.length, diagnostic.toString());
    }
  }

  private static List<Diagnostic> compile(FormatCompiler compiler, Case damage) {
    return compiler
        .compile("event/format", bytes(damage.damage.apply(GOOD)), Target.LITTLE_64)
        .diagnostics();
  }

  private static Case change(String name, String from, String to, String diagnostics) {
    return new Case(
        name,
        text -> {
          assertTrue(text.contains(from), from);
          return from.isEmpty() ? text : text.replace(from, to);
        },
        diagnostics);
  }

  private static Case whole(String name, String text, String diagnostics) {
    return new Case(name, _ -> text, diagnostics);
  }

  private static Case print(String name, String printFormat, String diagnostics) {
    return new Case(
        name,
        text -> text.substring(0, text.indexOf("print fmt:")) + "print fmt: " + printFormat + "\n",
        diagnostics);
  }

  private static String field(int number) {
    return "\tfield:int f%d;\toffset:%d;\tsize:4;\tsigned:1;\n".formatted(number, 28 + 4 * number);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
