package dev.tracery.compiler.print;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.syntax.StringCache;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which trees print formats become. [ExpressionWriter] writes a tree with all its brackets.
class PrintParserTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '@',
      quoteCharacter = '`',
      textBlock =
          """
          # fields
          REC->a                         @ a
          (REC)->a                       @ a
          ((REC->a))                     @ a
          REC->a[1]                      @ a[1]
          REC->a.b.c                     @ a.b.c
          REC->a->b                      @ a->b
          &REC->a                        @ (&a)
          *REC->a                        @ (*a)
          (*REC->a).b                    @ (*a).b
          ((struct foo *)REC->a)->b      @ ((struct foo *)a)->b
          ((u32*)__get_dynamic_array(a))[1] @ ((u32 *)__get_dynamic_array(a))[1]
          *(u16*)REC->a                  @ (*((u16 *)a))
          sizeof(*REC)                   @ sizeof((*REC))
          # precedence and associativity
          a - b - c                      @ ((a - b) - c)
          a / b * c % d                  @ (((a / b) * c) % d)
          a << b << c                    @ ((a << b) << c)
          a + b * c - d                  @ ((a + (b * c)) - d)
          a | b ^ c & d == e             @ (a | (b ^ (c & (d == e))))
          a || b && c | d                @ (a || (b && (c | d)))
          a < b == c > d                 @ ((a < b) == (c > d))
          a ? b : c + d                  @ (a ? b : (c + d))
          a ? b : c ? d : e              @ (a ? b : (c ? d : e))
          a ? b ? c : d : e              @ (a ? (b ? c : d) : e)
          a ? b, c : d                   @ (a ? (b , c) : d)
          a ?: b                         @ (a ?: b)
          a == 1 ? b : c                 @ ((a == 1) ? b : c)
          a, b, c                        @ ((a , b) , c)
          !a == b                        @ ((!a) == b)
          - -a                           @ (-(-a))
          ~a & b                         @ ((~a) & b)
          !a[1]                          @ (!a[1])
          -a->b                          @ (-a->b)
          a & (1 << b)                   @ (a & (1 << b))
          # casts, and what looks like one
          (int)a + b                     @ (((int)a) + b)
          (unsigned long long) a         @ ((unsigned long long)a)
          (const struct drm_rect *)a     @ ((struct drm_rect *)a)
          (void *)(unsigned long)a       @ ((void *)((unsigned long)a))
          (foo_t)a                       @ ((foo_t)a)
          (foo_t)(a)                     @ ((foo_t)a)
          (foo)a                         @ ((foo)a)
          (foo **)a                      @ ((foo **)a)
          (foo)(a)                       @ foo(a)
          (foo) - a                      @ (foo - a)
          (foo) * a                      @ (foo * a)
          (enum x)a                      @ ((enum x)a)
          (u8)-1                         @ ((u8)(-1))
          (int)sizeof(struct foo)        @ ((int)sizeof(struct foo))
          (typeof(a))b                   @ ((typeof ( a ))b)
          # sizes
          sizeof a + b                   @ (sizeof(a) + b)
          sizeof(a)                      @ sizeof(a)
          sizeof(int) * 2                @ (sizeof(int) * 2)
          sizeof(struct foo *)           @ sizeof(struct foo *)
          sizeof(u8[4])                  @ sizeof(u8 [4])
          # calls
          foo()                          @ foo()
          foo(a, (b, c))                 @ foo(a, (b , c))
          foo(a)(b)                      @ foo(a)(b)
          __builtin_types_compatible_p(typeof(a), int) @ __builtin_types_compatible_p(typeof ( a ), int)
          __builtin_constant_p(a) ? b : c @ (__builtin_constant_p(a) ? b : c)
          likely(a)                      @ likely(a)
          IS_ENABLED(CONFIG_X)           @ IS_ENABLED(CONFIG_X)
          __be16_to_cpu(REC->a)          @ __be16_to_cpu(a)
          # literals
          "a" "b"                        @ "ab"
          "a\\tb\\\\\\x41\\101"               @ "a\tb\\\\AA"
          'a'                            @ 97
          0x10                           @ 16
          10UL                           @ 10UNSIGNED_LONG
          # compound literals and statement expressions
          (struct foo){ .a = 1, .b = { 2, 3 } } @ (struct foo){a = 1, b = {2, 3}}
          (u8 []){ 1, 2 }[0]             @ (u8 []){1, 2}[0]
          ({ int x = (a); int y = (b); x < y ? x : y; }) @ ({int x = a; int y = b; ((x < y) ? x : y);})
          ({ typeof(a) __UNIQUE_ID_x_952 = (a); __UNIQUE_ID_x_952; }) @ ({typeof ( a ) __UNIQUE_ID_x_1 = a; __UNIQUE_ID_x_1;})
          ({ const char *s; if (a) s = "x"; else { s = "y"; } s; }) @ ({char * s; if a (s = "x"); else {(s = "y");} s;})
          ({ int i; for (i = 0; i < 3; i++) x += i; x; }) @ ({int i; for ((i = 0); (i < 3); (i++)) (x += i); x;})
          ({ while (--a) { if (b) continue; break; } return a; }) @ ({for (; (--a); ) {if b continue; break;} return a;})
          ({ switch (a) { case 3: case 1: s = "1"; break; default: s = ""; } s; }) @ ({switch a {case 3: case 1: (s = "1"); break; default: (s = "");} s;})
          ({ static const char *n[] = { "---", "--x" }; union foo role; role.word = a; n[role.x]; }) @ ({char *[] n = {"---", "--x"}; union foo role; (role.word = a); n[role.x];})
          # helpers
          __print_flags(REC->a, "|", {1, "A"}, {2, "B"}) @ __print_flags(a, "|", {1, "A"}, {2, "B"})
          __print_symbolic(REC->a, {1, "A"},) @ __print_symbolic(a, {1, "A"})
          __print_symbolic_u64(REC->a, {1ULL << 3, "A"}) @ __print_symbolic_u64(a, {(1UNSIGNED_LONG_LONG << 3), "A"})
          __print_hex(__get_dynamic_array(a), __get_dynamic_array_len(a)) @ __print_hex(__get_dynamic_array(a), __get_dynamic_array_len(a))
          __print_dynamic_array(a, sizeof(u32)) @ __print_dynamic_array(a, sizeof(u32))
          __print_hex_dump("", 1, 16, 1, REC->a, 4, true) @ __print_hex_dump("", 1, 16, 1, a, 4, true)
          __print_ns_to_secs(REC->a)     @ __print_ns_to_secs(a)
          __print_ns_without_secs(REC->a) @ __print_ns_without_secs(a)
          __get_rel_sockaddr(a)          @ __get_rel_sockaddr(a)
          __get_buf(16)                  @ __get_buf(16)
          __event_in_irq()               @ __event_in_irq()
          __get_cpumask(a)               @ __get_cpumask(a)
          ftrace_print_hex_seq(p, REC->a, 4) @ ftrace_print_hex_seq(p, a, 4)
          """)
  void expressions_have_the_form_that_C_gives_them(String text, String expected) {
    assertEquals(
        expected.replace("\t", "\\t"),
        new PrintParser(new StringCache(), WordSize.BITS_64, 256)
            .expression(text)
            .map(ExpressionWriter::written)
            .orElse("not understood"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "a b",
        "a +",
        "(a",
        "a)",
        "1.5",
        "a ? b",
        "f(a",
        "f(,)",
        "a[",
        "REC->",
        "#",
        "\"x",
        "'ab'",
        "''",
        "@",
        "({ goto x; })",
        "__get_str()",
        "__get_str(a, b)",
        "__print_flags(a)",
        "__print_symbolic(a, {1})",
        "sizeof()",
        "(struct)",
        "a..b",
        "0x",
        "1uu"
      })
  void what_is_no_expression_is_not_understood(String text) {
    assertEquals(
        true,
        new PrintParser(new StringCache(), WordSize.BITS_64, 256).expression(text).isEmpty(),
        text);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      textBlock =
          """
          "a=%d", REC->a                    ; a=%d | a
          "no arguments"                    ; no arguments
          "a comma and nothing",            ; a comma and nothing
          "a" "b %d" , REC->a, REC->b       ; ab %d | a | b
          "comm=\\"%s\\"", REC->a             ; comm="%s" | a
          "comm="%s" pid=%d", REC->a, REC->b ; comm="%s" pid=%d | a | b
          "x="%s", y="%s"", REC->a, REC->b  ; x="%s", y="%s" | a | b
          "5" disk %d", REC->a              ; 5" disk %d | a
          "%s", REC->a ? "one" : "two"      ; %s | (a ? "one" : "two")
          """)
  void a_print_format_is_a_string_and_arguments(String text, String expected) {
    assertEquals(List.of(), compile(text).diagnostics());
    assertEquals(expected, shown(tree(text)));
  }

  @Test
  void line_feeds_inside_strings_belong_to_them() {
    assertEquals("%d\n%d\n | a | b", shown(tree("\"%d\n%d\n\", REC->a, REC->b")));
  }

  @Test
  void the_text_is_verbatim() {
    assertEquals(
        "\"%d\n\" ,  REC->a",
        compile("\"%d\n\" ,  REC->a").layout().orElseThrow().printFormat().text());
  }

  @Test
  void equal_trees_do_not_depend_on_places_brackets_and_unique_ids() {
    String one =
        "\"%d\", REC->a + (REC->b * 16), ({ int __UNIQUE_ID_x_12 = 1; __UNIQUE_ID_x_12; })";
    String same =
        "\"%d\",  ((REC)->a)+REC->b*0x10 , ({ int __UNIQUE_ID_x_9=1; (__UNIQUE_ID_x_9); })";
    String other =
        "\"%d\", (REC->a + REC->b) * 16, ({ int __UNIQUE_ID_x_12 = 1; __UNIQUE_ID_x_12; })";
    assertEquals(tree(one), tree(same));
    assertEquals(tree(one).hashCode(), tree(same).hashCode());
    assertNotEquals(tree(one), tree(other));
  }

  private static String shown(PrintFormat.Tree tree) {
    StringBuilder out = new StringBuilder(tree.format());
    tree.arguments().forEach(a -> out.append(" | ").append(ExpressionWriter.written(a)));
    return out.toString();
  }

  private static PrintFormat.Tree tree(String printFormat) {
    FormatCompiler.Result result = compile(printFormat);
    assertEquals(
        List.of(), result.diagnostics().stream().map(Diagnostic::toString).toList(), printFormat);
    return result.layout().orElseThrow().printFormat().tree().orElseThrow();
  }

  private static FormatCompiler.Result compile(String printFormat) {
    return new FormatCompiler()
        .compile(
            "x",
            """
            name: x
            ID: 1
            format:
            \tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;
            \tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;
            \tfield:unsigned char common_preempt_count;\toffset:3;\tsize:1;\tsigned:0;
            \tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;

            \tfield:int a;\toffset:8;\tsize:4;\tsigned:1;
            \tfield:int b;\toffset:12;\tsize:4;\tsigned:1;

            print fmt: %s
            """
                .formatted(printFormat)
                .getBytes(StandardCharsets.UTF_8),
            Target.LITTLE_64);
  }
}
