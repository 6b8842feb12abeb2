package dev.tracery.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.layout.Field;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a compiler remembers of one format does not show in the next.
class FormatCompilerTest {

  private static final String COMMON =
      """
      \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
      \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
      \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
      \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;
      """;

  private static final String OWN = "\tfield:int a;\toffset:8;\tsize:4;\tsigned:1;\n";

  private final FormatCompiler compiler = new FormatCompiler();

  @Test
  void a_first_block_that_no_blank_line_ends_is_read_anew_each_time() {
    for (int i = 0; i < 3; i++) {
      assertEquals(List.of("a"), fields(COMMON + OWN + "print fmt: \"%d\", REC->a"));
    }
    assertEquals(List.of("a"), fields(COMMON + "\n" + OWN + "\nprint fmt: \"%d\", REC->a"));
  }

  @Test
  void a_first_block_with_fields_of_the_event_is_read_anew_each_time() {
    assertEquals(List.of("a"), fields(COMMON + OWN + "\nprint fmt: \"%d\", REC->a"));
    assertEquals(List.of("a"), fields(COMMON + OWN + "\nprint fmt: \"%x\", REC->a"));
  }

  @Test
  void fields_without_bytes_overlap_nothing_in_any_order() {
    String noBytes =
        (COMMON + OWN).replaceAll("size:\\d", "size:0").replace("offset:0", "offset:9");
    assertEquals(List.of(), errors(noBytes + "\nprint fmt: \"\""));
  }

  @Test
  void a_name_too_long_to_be_in_messages_is_refused() {
    String longest = "a".repeat(255);
    assertEquals(List.of(longest), fields(COMMON + "\n" + named(longest)));
    assertEquals(
        List.of(
            "x/format:9:12: error FIELD_NAME_INVALID: the field's name has 256 bytes; at most 255"
                + " are allowed"),
        errors(COMMON + "\n" + named(longest + "a")));
  }

  private static String named(String name) {
    return OWN.replace("int a", "int " + name) + "\nprint fmt: \"\"";
  }

  private List<String> fields(String body) {
    FormatCompiler.Result result = compile(body);
    assertEquals(List.of(), result.diagnostics());
    return result.layout().orElseThrow().fields().stream().map(Field::name).toList();
  }

  private List<String> errors(String body) {
    FormatCompiler.Result result = compile(body);
    return result.layout().isPresent()
        ? List.of()
        : result.diagnostics().stream().map(Diagnostic::toString).toList();
  }

  private FormatCompiler.Result compile(String body) {
    byte[] text = ("name: x\nID: 1\nformat:\n" + body + "\n").getBytes(StandardCharsets.UTF_8);
    return compiler.compile("x/format", text, Target.LITTLE_64);
  }
}
