package dev.tracery.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random damage to real formats, and texts made to be hard.
class DamagedFormatTest {

  private static final int ROUNDS = 20_000;
  private static final byte[] NASTY =
      "\0\u0001\n\t;:[](){}\"'\\,->%".getBytes(StandardCharsets.UTF_8);
  private static final String[] INSERTS = {
    "99999999999999999999",
    "-1",
    "65536",
    "((((((((",
    "\"",
    "\\",
    "REC->",
    "{1, \"x\"}",
    "\n\n",
    "name: x\n",
    "ID: 5\n",
    "format:\n",
    "print fmt: ",
    "__print_flags(",
    "({",
    "? :",
    "sizeof("
  };

  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void random_damage_is_told_or_does_no_harm(long seed) {
    Random random = new Random(seed);
    List<EventFormatFile> files = new ArrayList<>(SampleKernels.inputs().get(3).events());
    FormatCompiler compiler = new FormatCompiler();
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
      byte[] text = files.get(random.nextInt(files.size())).text();
      for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
        text = damaged(text, random);
      }
      refused += check(compiler, text) ? 0 : 1;
    }
    assertTrue(refused > ROUNDS / 3 && refused < ROUNDS, "refused " + refused);
  }

  @Test
  void every_truncation_of_a_format_is_told_or_does_no_harm() {
    byte[] text =
        SampleKernels.inputs().get(3).events().stream()
            .filter(file -> file.event().toString().equals("sched/sched_switch"))
            .findFirst()
            .orElseThrow()
            .text();
    int printFormat = new String(text, StandardCharsets.UTF_8).indexOf("print fmt:");
    FormatCompiler compiler = new FormatCompiler();
    for (int length = 0; length < text.length; length++) {
      boolean good = check(compiler, Arrays.copyOf(text, length));
      assertTrue(!good || length >= printFormat + "print fmt:".length(), "cut at " + length);
    }
  }

  /// Texts of 256 KiB, each of which a careless reader takes quadratic time or a deep stack for.
  /// They run on a stack of 1 MiB, a thread's usual one.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "(",
        "[",
        "{",
        "({",
        "!",
        "-",
        "*",
        "sizeof ",
        "(int)",
        "(u8*)",
        "1?",
        "1?:",
        "a=",
        "f(",
        "__print_flags(",
        "1+",
        "1,",
        "a.b",
        "a->b",
        "a[0]",
        "a[",
        "\"x\" ",
        "\"",
        "'",
        "\\",
        "REC->a,",
        "REC->nosuch+",
        "\",",
        "(a)",
        "a ",
        "*)",
        "{1,\"x\"},",
        "({ int a;",
        "if(1)",
        "struct {",
        "unsigned ",
        "1==",
        "x=y?",
        "0x1|"
      })
  void long_and_nested_print_formats_are_read_in_linear_time(String part) throws Exception {
    for (String head :
        List.of("\"x\", ", "", "\"x\", __print_symbolic(REC->common_pid, ", "\"x\", (u8 ")) {
      String good = new String(format(head), StandardCharsets.UTF_8);
      int parts = ((1 << 18) - good.length()) / part.length();
      byte[] text = (good + part.repeat(parts)).getBytes(StandardCharsets.UTF_8);
      onUsualStack(() -> check(new FormatCompiler(), text));
    }
  }

  @Test
  void a_tree_as_high_as_the_limit_is_handled_on_a_small_stack() throws Exception {
    for (String text :
        List.of(
            "(".repeat(256) + "1" + ")".repeat(256),
            "-".repeat(255) + "1",
            "1" + "+1".repeat(255),
            "1?1:".repeat(255) + "1")) {
      onUsualStack(() -> {
        var one = new FormatCompiler().compile("x", format("\"%d\", " + text), Target.LITTLE_64);
        var two = new FormatCompiler().compile("x", format("\"%d\", " + text), Target.LITTLE_64);
        assertEquals(List.of(), one.diagnostics());
        assertEquals(one.layout(), two.layout());
        assertEquals(one.layout().hashCode(), two.layout().hashCode());
      });
    }
  }

  @Test
  void many_fields_and_overlaps_are_read_in_linear_time() throws Exception {
    StringBuilder text = new StringBuilder("name: x\nID: 1\nformat:\n");
    for (int i = 0; i < 15_000; i++) {
      text.append("\tfield:int a;\toffset:0;\tsize:4;\tsigned:1;\n");
    }
    text.append("\nprint fmt: \"x\"\n");
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    onUsualStack(() -> check(new FormatCompiler(), bytes));
    onUsualStack(
        () -> check(new FormatCompiler(new FormatLimits(1 << 20, 100_000, 256, 100)), bytes));
  }

  /// Whether there is a layout, after checks of what is always true.
  private static boolean check(FormatCompiler compiler, byte[] text) {
    FormatCompiler.Result result = compiler.compile("file", text, Target.LITTLE_64);
    List<Diagnostic> diagnostics = result.diagnostics();
    assertEquals(
        diagnostics.stream().anyMatch(d -> d.severity() == Severity.ERROR),
        result.layout().isEmpty());
    assertTrue(diagnostics.size() <= 202);
    long last = 0;
    for (Diagnostic diagnostic : diagnostics) {
      SourceLocation location = diagnostic.location();
      assertTrue(location.byteOffset() >= last && location.byteOffset() <= text.length);
      assertTrue(location.line() >= 1 && location.column() >= 1);
      assertTrue(
          diagnostic.toString().chars().noneMatch(c -> c < ' ' || c == 0x7f),
          diagnostic.toString());
      last = location.byteOffset();
    }
    return result.layout().isPresent();
  }

  private static byte[] damaged(byte[] text, Random random) {
    if (text.length < 2) {
      return text;
    }
    int at = random.nextInt(text.length);
    int to = Math.min(text.length, at + 1 + random.nextInt(60));
    return switch (random.nextInt(9)) {
      case 0 -> Arrays.copyOf(text, at);
      case 1 -> {
        byte[] flipped = text.clone();
        flipped[at] ^= (byte) (1 << random.nextInt(8));
        yield flipped;
      }
      case 2 -> {
        byte[] replaced = text.clone();
        replaced[at] = NASTY[random.nextInt(NASTY.length)];
        yield replaced;
      }
      case 3 -> joined(text, 0, at, text, to, text.length);
      case 4 -> joined(text, 0, to, text, at, text.length);
      case 5 -> {
        int line = lineStart(text, at);
        int next = lineEnd(text, at);
        yield joined(text, 0, line, text, next, text.length);
      }
      case 6 -> {
        int line = lineStart(text, at);
        int next = lineEnd(text, at);
        yield joined(text, 0, next, text, line, text.length);
      }
      case 7 -> {
        byte[] insert = INSERTS[random.nextInt(INSERTS.length)].getBytes(StandardCharsets.UTF_8);
        byte[] head = joined(text, 0, at, insert, 0, insert.length);
        yield joined(head, 0, head.length, text, at, text.length);
      }
      default -> {
        byte[] noise = text.clone();
        for (int i = at; i < to; i++) {
          noise[i] = (byte) random.nextInt();
        }
        yield noise;
      }
    };
  }

  private static byte[] joined(byte[] a, int aStart, int aEnd, byte[] b, int bStart, int bEnd) {
    byte[] joined =
        Arrays.copyOf(Arrays.copyOfRange(a, aStart, aEnd), aEnd - aStart + bEnd - bStart);
    System.arraycopy(b, bStart, joined, aEnd - aStart, bEnd - bStart);
    return joined;
  }

  private static int lineStart(byte[] text, int at) {
    int i = at;
    while (i > 0 && text[i - 1] != '\n') {
      i--;
    }
    return i;
  }

  private static int lineEnd(byte[] text, int at) {
    int i = at;
    while (i < text.length && text[i] != '\n') {
      i++;
    }
    return Math.min(text.length, i + 1);
  }

  private static byte[] format(String printFormat) {
    return """
    name: x
    ID: 1
    format:
    \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
    \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
    \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
    \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

    \tfield:int a;\toffset:8;\tsize:4;\tsigned:1;

    print fmt: %s\
    """
        .formatted(printFormat)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static void onUsualStack(Runnable check) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, check, "usual stack", 1024 * 1024);
    thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
    thread.start();
    thread.join(60_000);
    if (thread.isAlive()) {
      throw new AssertionError("still running after a minute");
    }
    if (thrown[0] != null) {
      throw new AssertionError(thrown[0]);
    }
  }
}
