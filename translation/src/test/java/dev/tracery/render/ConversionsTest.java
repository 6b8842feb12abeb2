package dev.tracery.render;

import static dev.tracery.render.TestEvent.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Conversions where the kernel's `vsnprintf` (lib/vsprintf.c, Linux 6.12) is not C's library.
final class ConversionsTest {

  private static final TestEvent EVENT =
      event().s32("zero", 0).s32("x", 0x2a).s32("minus", -42).s32("width", -6).text("t", 8, "abc");

  private static String render(String print) {
    return EVENT.render(print);
  }

  @Test
  void theAlternateFormOfZeroHasItsPrefix() {
    assertEquals(
        "0x0 0x2a 0X2A 0 052",
        render("\"%#x %#x %#X %#o %#o\", REC->zero, REC->x, REC->x, REC->zero, REC->x"));
    assertEquals("0x002a|  0x2a|0x2a  |", render("\"%#06x|%#6x|%-#6x|\", REC->x, REC->x, REC->x"));
  }

  @Test
  void aPrecisionDoesNotTurnTheFlagZeroOff() {
    assertEquals("00000042", render("\"%08.3d\", REC->x"));
    assertEquals("-0000042", render("\"%08.3d\", REC->minus"));
    assertEquals("0", render("\"%.0d\", REC->zero"));
  }

  @Test
  void signsGoBeforeZerosAndAfterBlanks() {
    assertEquals(
        "+0042|  +42|+42  | 42|-42",
        render("\"%+05d|%+5d|%-+5d|% d|% d\", REC->x, REC->x, REC->x, REC->x, REC->minus"));
    assertEquals("42", render("\"%+u\", REC->x"));
  }

  @Test
  void aStarTakesAnArgumentAndANegativeOneMeansLeft() {
    assertEquals("42    |", render("\"%*d|\", REC->width, REC->x"));
    assertEquals("    42|", render("\"%*d|\", 6, REC->x"));
    assertEquals("abc   |   abc|", render("\"%*s|%*s|\", REC->width, REC->t, 6, REC->t"));
    // Why: format_decode of lib/vsprintf.c makes a negative precision 0, unlike C.
    assertEquals("ab||", render("\"%.*s|%.*s|\", 2, REC->t, -1, REC->t"));
    assertEquals("    ab|", render("\"%6.2s|\", REC->t"));
  }

  @Test
  void lengthsCutValues() {
    assertEquals(
        "-42 214 65494 4294967254 18446744073709551574",
        render(
            "\"%hhd %hhu %hu %u %llu\", REC->minus, REC->minus, REC->minus, REC->minus, REC->minus"));
    assertEquals("2a 42 42 42", render("\"%Lx %zd %td %jd\", REC->x, REC->x, REC->x, REC->x"));
  }

  @Test
  void charactersAndPerCentSigns() {
    assertEquals("*|    *|*    |100%", render("\"%c|%5c|%-5c|100%%\", REC->x, REC->x, REC->x"));
  }

  @Test
  void aNullStringIsNamed() {
    assertEquals("(null)", event().word("char * s", 0).render("\"%s\", REC->s"));
    assertEquals("(n", event().word("char * s", 0).render("\"%.2s\", REC->s"));
    assertEquals(
        "name (null)",
        event()
            .s32("len", 0)
            .string("n", "x")
            .render("\"name %s\", REC->len ? __get_str(n) : ((void *)0)"));
  }

  @Test
  void stringsOfTheKernelComeFromPrintkFormats() {
    KernelTables tables =
        new KernelTables(
            KernelSymbols.NONE,
            address -> address == 0xffffffff82000000L ? new byte[] {'h', 'i'} : null);
    TestEvent known = event().with(tables).word("const char * s", 0xffffffff82000000L);
    assertEquals("hi|   hi|h", known.render("\"%s|%5s|%.1s\", REC->s, REC->s, REC->s"));
    TestEvent unknown = event().with(tables).word("const char * s", 0xffffffff82000001L);
    assertEquals("s=0xffffffff82000001", unknown.render("\"%s\", REC->s"));
    assertEquals(List.of("a string in the kernel's memory"), unknown.notes());
  }

  @Test
  void whatTheKernelHasNotIsNotEvaluable() {
    TestEvent event = event().s32("x", 1);
    assertEquals("x=0x1 (1)", event.render("\"%f\", REC->x"));
    assertEquals("x=0x1 (1)", event.render("\"%d %d\", REC->x"));
    assertEquals(List.of("a conversion that the kernel does not have"), event.notes());
  }

  @Test
  void aTextIsCutWhereItsNulIs() {
    assertEquals("a[ab", event().text("t", 4, "ab").render("\"a[%s\", REC->t"));
    assertEquals(
        "x=0x7fffffff (2147483647)",
        event().s32("x", Integer.MAX_VALUE).render("\"%*d\", REC->x, REC->x"));
  }

  @Test
  void a_text_of_no_sensible_length_is_given_up() {
    String print = "\"" + "%4096d".repeat(300) + "\"" + ", REC->x".repeat(300);
    assertEquals(EVENT.render("\"%d\""), render(print));
  }
}
