package dev.tracery.render;

import static dev.tracery.render.TestEvent.event;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

/// Print formats that libtraceevent 1.8.4 renders wrongly, refuses, or dies of
/// (docs/decisions/1431-print-formats.md). Ours renders what C and the kernel would.
final class LibtraceeventFailuresTest {

  private static TestEvent numbers() {
    return event().s32("a", 5).s32("b", -7).u32("u", 7);
  }

  private static String render(String expression) {
    return numbers().render("\"%d\", " + expression);
  }

  @Test
  void theElseBranchOfAConditionalIsAWholeExpression() {
    assertEquals("10", render("REC->a ? 10 : 20+1"));
    assertEquals("21", event().s32("a", 0).render("\"%d\", REC->a ? 10 : 20+1"));
    assertEquals(
        "five", numbers().render("\"%s\", REC->a==5?\"five\":REC->a==6?\"six\":\"other\""));
    assertEquals(
        "six",
        event().s32("a", 6).render("\"%s\", REC->a==5?\"five\":REC->a==6?\"six\":\"other\""));
  }

  @Test
  void aDivisionByZeroRendersTheFieldsOfThatRecordAndNothingDies() {
    String monitor =
        "\"load=%d\", REC->total_time == 0 ? 0 : (100 * REC->busy_time) / REC->total_time";
    assertEquals("load=0", event().u64("busy_time", 9).u64("total_time", 0).render(monitor));
    assertEquals("load=50", event().u64("busy_time", 9).u64("total_time", 18).render(monitor));
    TestEvent zero = event().s32("x", 3).s32("y", 0);
    assertEquals("x=0x3 (3) y=0x0 (0)", zero.render("\"%d\", REC->x / REC->y"));
    assertEquals("x=0x3 (3) y=0x0 (0)", zero.render("\"%d\", REC->x % REC->y"));
    assertEquals(List.of("a division by zero"), zero.notes());
    assertEquals("47", render("1000/3/7"));
  }

  @Test
  void operatorsOfOnePrecedenceAssociateToTheLeft() {
    assertEquals("5", render("10-3-2"));
    assertEquals("10", render("100/5/2"));
    assertEquals("32", render("1<<2<<3"));
    assertEquals("2", render("2*3%4"));
    assertEquals("2", render("(REC->a>3)+(REC->a>4)"));
  }

  @Test
  void signsAreKept() {
    assertEquals("1", render("REC->b==-7"));
    assertEquals("1", render("REC->b<0"));
    assertEquals("-3", render("REC->b/2"));
    assertEquals("-4", render("REC->b>>1"));
    assertEquals("-7", numbers().render("\"%lld\", (long long)REC->b"));
    assertEquals("-3 -2", event().s16("x", -3).s8("y", -2).render("\"%d %d\", REC->x, REC->y"));
    assertEquals("-1", render("(s16)0xffff"));
    assertEquals("minus", numbers().render("\"%s\", __print_symbolic(REC->b, {-7, \"minus\"})"));
    assertEquals(
        "0xfffffffffffffff9", numbers().render("\"%s\", __print_symbolic(REC->b, {7, \"no\"})"));
  }

  @Test
  void flagsHaveTheHighestBitAndEmptyMasksAndEscapes() {
    assertEquals(
        "top",
        event()
            .u64("f", 1L << 63)
            .render("\"%s\", __print_flags(REC->f, \"|\", {1ULL << 63, \"top\"})"));
    assertEquals(
        "none|one",
        event()
            .u64("f", 1)
            .render("\"%s\", __print_flags(REC->f, \"|\", {0, \"none\"}, {1, \"one\"})"));
    assertEquals(
        "", event().u64("f", 0).render("\"%s\", __print_flags(REC->f, \"|\", {0, \"none\"})"));
    assertEquals(
        "x\"y", event().u64("f", 1).render("\"%s\", __print_symbolic(REC->f, {1, \"x\\\"y\"})"));
    assertEquals("10", render("'\\n'"));
  }

  @Test
  void whatIsNotKnownIsNotZero() {
    TestEvent event = event().s32("a", 5);
    assertEquals("a=0x5 (5)", event.render("\"%d\", SOME_ENUMERATOR"));
    assertEquals(List.of("the value of SOME_ENUMERATOR"), event.notes());
    TestEvent table = event().s32("a", 5);
    assertEquals(
        "a=0x5 (5)",
        table.render("\"%s\", __print_symbolic(REC->a, {SOME_ENUMERATOR, \"x\"}, {5, \"five\"})"));
    assertEquals(
        "five",
        table.render("\"%s\", __print_symbolic(REC->a, {5, \"five\"}, {SOME_ENUMERATOR, \"x\"})"));
  }

  @Test
  void pointersToDynamicArraysCountInTheirElements() {
    byte[] words = {1, 0, 0, 0, 2, 0, 0, 0};
    assertEquals(
        "2",
        event().dynamic("u32", "d", words).render("\"%u\", ((u32*)__get_dynamic_array(d))[1]"));
    assertEquals(
        "32-33",
        event()
            .dynamic("unsigned long", "d", new byte[] {0, 0, 0, 0, 3, 0, 0, 0})
            .render("\"%*pbl\", 64, __get_dynamic_array(d)"));
    assertEquals("01 02 03", event().bytes("u8 d[3]", 1, 2, 3).render("\"%*ph\", 3, REC->d"));
  }

  @Test
  void conversionsAreTheKernels() {
    assertEquals(" 5", numbers().render("\"% d\", REC->a"));
    assertEquals("5", numbers().render("\"%td\", (long)REC->a"));
    TestEvent pointer = event().word("void * p", 0xffff888012345678L);
    assertEquals("ffff888012345678", pointer.render("\"%px\", REC->p"));
    assertEquals("ffff888012345678", pointer.render("\"%pK\", REC->p"));
    assertEquals("-ENOENT", event().word("void * p", -2).render("\"%pe\", REC->p"));
    assertEquals("0xffff888012345678", pointer.render("\"%pB\", REC->p"));
  }

  @Test
  void whatItRefusesIsRendered() {
    TestEvent event =
        event()
            .u64("q", 3_000_000_007L)
            .u16("p", 0x1f90)
            .s32("a", 5)
            .u8("c", 0xff)
            .u8("d", 0x01)
            .dynamic("u16", "arr", new byte[] {1, 0, 2, 1})
            .relative("u8", "peer", new byte[] {2, 0, 0x1f, (byte) 0x90, 10, 0, 0, 1});
    assertEquals(
        "A|0x2", event.render("\"%s\", __print_flags_u64(REC->q & 3, \"|\", {1ULL, \"A\"})"));
    assertEquals("B", event.render("\"%s\", __print_symbolic_u64(REC->q, {3000000007ULL, \"B\"})"));
    assertEquals("{0x1,0x102}", event.render("\"%s\", __print_dynamic_array(arr, 2)"));
    assertEquals(
        "3 7",
        event.render("\"%llu %u\", __print_ns_to_secs(REC->q), __print_ns_without_secs(REC->q)"));
    assertEquals("10.0.0.1:8080", event.render("\"%pISpc\", __get_rel_sockaddr(peer)"));
    assertEquals(
        "\np 01 00 02 01" + " ".repeat(38) + "....\n",
        event.render("\"%s\", __print_hex_dump(\"p \", 0, 16, 1, __get_dynamic_array(arr), 4, 1)"));
    assertEquals("0", event.render("\"%d\", __event_in_irq()"));
    assertEquals(
        "2 1 4 8 2",
        event.render(
            "\"%zu %zu %zu %zu %zu\", sizeof(short), sizeof(unsigned char), sizeof(__be32),"
                + " sizeof(REC->q), sizeof(REC->p)"));
    assertEquals("8080", event.render("\"%d\", *(u16 *)&REC->p"));
    assertEquals("5", event.render("\"%d\", *&REC->a"));
    assertEquals("5", event.render("\"%d\", REC->a ?: 9"));
    assertEquals("9", event.render("\"%d\", (REC->a, 9)"));
    assertEquals("1 0", event.render("\"%d %d\", likely(REC->a), __builtin_constant_p(REC->a)"));
    assertEquals("36895", event.render("\"%d\", ntohs(REC->p)"));
    assertEquals("36895", event.render("\"%d\", __be16_to_cpu(REC->p)"));
    assertEquals("7", event.render("\"%d\", ((int[]){6, 7, 8})[1]"));
    assertEquals(
        "many",
        event.render(
            "\"%s\", ({ const char *t; switch (REC->a) { case 1: t = \"one\"; break; case 5:"
                + " default: t = \"many\"; } t; })"));
    assertEquals("plain", event.render("\"plain\","));
    assertEquals(List.of(), event.notes());
  }
}
