package dev.tracery.render;

import static dev.tracery.render.TestEvent.event;
import static dev.tracery.render.TestEvent.event32;
import static dev.tracery.render.TestEvent.eventBig;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Functions and helpers of print formats, by what the kernel's source says of them.
final class FunctionsTest {

  @Test
  void byteOrderFunctionsKnowTheKernelsOrder() {
    String print =
        "\"%x %x %x %x\", ntohs(REC->h), be32_to_cpu(REC->w), __le16_to_cpup(&REC->h), __fswab32(REC->w)";
    assertEquals(
        "3412 78563412 1234 78563412", event().u32("w", 0x12345678).u16("h", 0x1234).render(print));
    assertEquals(
        "1234 12345678 3412 78563412",
        eventBig().u32("w", 0x12345678).u16("h", 0x1234).render(print));
  }

  @Test
  void bitsAreCounted() {
    TestEvent event = event().u64("q", 0x50).u32("zero", 0);
    assertEquals(
        "5 4 57 2 6 7 0 -1",
        event.render(
            "\"%d %d %d %d %d %d %d %d\", __builtin_ffsll(REC->q), __builtin_ctzll(REC->q),"
                + " __builtin_clzll(REC->q), __builtin_popcountll(REC->q), __ilog2_u64(REC->q),"
                + " __order_base_2(REC->q), __builtin_ffs(REC->zero), __ilog2_u32(REC->zero)"));
    assertEquals("q=0x50 (80) zero=0x0 (0)", event.render("\"%d\", __builtin_ctz(REC->zero)"));
    assertEquals(List.of("the bits of zero"), event.notes());
  }

  @Test
  void namesOfNumbersThatNeverMove() {
    TestEvent event = event().u32("one", 1).u32("much", 99);
    assertEquals(
        "Uncorrected Info ISOC UNKNOWN yes",
        event.render(
            "\"%s %s %s %s %s\", mc_event_error_type(REC->one), mc_event_error_type(REC->much),"
                + " xhci_ring_type_string(REC->one), xhci_ring_type_string(REC->much),"
                + " str_yes_no(REC->one)"));
  }

  @Test
  void helpersPrintMemory() {
    TestEvent event =
        event()
            .dynamic(
                "u8", "b", new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17})
            .dynamic("unsigned long", "mask", new byte[] {5, 0, 0, 0, 1, 0, 0, 0});
    assertEquals(
        "01 02 03 04 05 06 07 08 09 0a 0b 0c 0d 0e 0f 10 11|0102",
        event.render(
            "\"%s|%s\", __print_hex(__get_dynamic_array(b), __get_dynamic_array_len(b)),"
                + " __print_hex_str(__get_dynamic_array(b), 2)"));
    assertEquals(
        "{0x1,0x2} {0x201,0x403} {0x4030201} {0x807060504030201} {BAD SIZE:3 0x1,0x2,0x3} {}",
        event.render(
            "\"%s %s %s %s %s %s\", __print_array(__get_dynamic_array(b), 2, 1),"
                + " __print_array(__get_dynamic_array(b), 2, 2),"
                + " __print_array(__get_dynamic_array(b), 1, 4),"
                + " __print_array(__get_dynamic_array(b), 1, 8),"
                + " __print_array(__get_dynamic_array(b), 1, 3),"
                + " __print_array(__get_dynamic_array(b), 0, 4)"));
    assertEquals(
        "00000001,00000005 00000001,00000005",
        event.render("\"%s %s\", __get_bitmask(mask), __get_cpumask(mask)"));
    assertEquals(
        "00000005",
        event32()
            .relative("unsigned long", "mask", new byte[] {5, 0, 0, 0})
            .render("\"%s\", __get_rel_bitmask(mask)"));
  }

  @Test
  void hexDumpsHaveRowsAndGroups() {
    TestEvent event =
        event()
            .dynamic(
                "u8",
                "b",
                new byte[] {
                  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 'a', 'b', 'c', 'd'
                });
    assertEquals(
        "\nx00000000: 04030201 08070605 0c0b0a09 100f0e0d  ................\n"
            + "x00000010: 64636261                             abcd\n",
        event.render(
            "\"%s\", __print_hex_dump(\"x\", 2, 16, 4, __get_dynamic_array(b), 20, true)"));
    assertEquals(
        "\n01 02 03\n",
        event.render("\"%s\", __print_hex_dump(\"\", 0, 16, 4, __get_dynamic_array(b), 3, 0)"));
  }

  @Test
  void interruptsAreInTheCommonFlags() {
    String print =
        "\"%d %d %d\", !!__event_in_hardirq(), !!__event_in_softirq(), !!__event_in_irq()";
    assertEquals("1 0 1", event().flags(0x08).s32("x", 0).render(print));
    assertEquals("0 1 1", event().flags(0x11).s32("x", 0).render(print));
    assertEquals("0 0 0", event().flags(0x47).s32("x", 0).render(print));
  }

  @Test
  void tablesStopAtANameThatIsNull() {
    TestEvent event = event32().u64("f", 0x100000001L);
    assertEquals(
        "a,0x100000000",
        event.render(
            "\"%s\", ({ static const struct trace_print_flags_u64 __flags[] = { {1ULL, \"a\"},"
                + " { -1, ((void *)0) } }; trace_print_flags_seq_u64(p, \",\", REC->f, __flags); })"));
    assertEquals(
        "a",
        event.render("\"%s\", __print_flags(REC->f, \",\", {1, \"a\"}, {0, NULL}, {2, \"b\"})"));
  }

  @Test
  void aForgottenEntryIsTheVariableOfThePrintingFunction() {
    assertEquals("1 --> 1", event().s32("x", 1).render("\"%d --> %d\", REC->x, ret"));
  }

  @Test
  void aLoopWithoutEndEnds() {
    TestEvent event = event().s32("x", 1);
    assertEquals("x=0x1 (1)", event.render("\"%d\", ({ int i; for (i = 0; ; i++) ; i; })"));
    assertEquals(List.of("a loop that does not end"), event.notes());
  }

  @Test
  void rowsOfStacksAreSymbolsOrNumbers() {
    assertEquals(
        "stack==> 0x1010\n=> 0x2020\n|",
        event()
            .dynamic(
                "unsigned long",
                "s",
                new byte[] {0x10, 0x10, 0, 0, 0, 0, 0, 0, 0x20, 0x20, 0, 0, 0, 0, 0, 0})
            .render("\"stack=%s|\", __get_stacktrace(s)"));
  }
}
