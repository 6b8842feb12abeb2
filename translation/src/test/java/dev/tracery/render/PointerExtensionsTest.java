package dev.tracery.render;

import static dev.tracery.render.TestEvent.event;
import static dev.tracery.render.TestEvent.event32;
import static dev.tracery.render.TestEvent.eventBig;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `%p` with every extension. The expected texts are those of the kernel's own tests and documents
/// (lib/test_printf.c, Documentation/core-api/printk-formats.rst, Linux 6.12) where these have
/// them.
final class PointerExtensionsTest {

  private static final int[] IP6 = {0, 1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7, 0, 8};

  private static String memory(String conversion, int... bytes) {
    return event()
        .bytes("u8 b[" + bytes.length + "]", bytes)
        .render("\"" + conversion + "\", REC->b");
  }

  @Test
  void hardwareAddresses() {
    int[] mac = {0x2d, 0x48, 0xd6, 0xfc, 0x7a, 0x05};
    assertEquals("2d:48:d6:fc:7a:05", memory("%pM", mac));
    assertEquals("05:7a:fc:d6:48:2d", memory("%pMR", mac));
    assertEquals("2d-48-d6-fc-7a-05", memory("%pMF", mac));
    assertEquals("2d48d6fc7a05", memory("%pm", mac));
    assertEquals("057afcd6482d", memory("%pmR", mac));
    assertEquals("   2d:48:d6:fc:7a:05|", memory("%20pM|", mac));
    assertEquals("2d:48:d6:fc:7a:05   |", memory("%-20pM|", mac));
  }

  @Test
  void internetAddresses() {
    assertEquals("127.0.0.1", memory("%pI4", 127, 0, 0, 1));
    assertEquals("127.000.000.001", memory("%pi4", 127, 0, 0, 1));
    assertEquals("1.0.0.127", memory("%pI4l", 127, 0, 0, 1));
    assertEquals("1.0.0.127", memory("%pI4h", 127, 0, 0, 1));
    assertEquals(
        "127.0.0.1", eventBig().bytes("u8 b[4]", 127, 0, 0, 1).render("\"%pI4h\", REC->b"));
    assertEquals("0001:0002:0003:0004:0005:0006:0007:0008", memory("%pI6", IP6));
    assertEquals("00010002000300040005000600070008", memory("%pi6", IP6));
    assertEquals("1:2:3:4:5:6:7:8", memory("%pI6c", IP6));
    assertEquals("::", memory("%pI6c", new int[16]));
    int[] loopback = new int[16];
    loopback[15] = 1;
    assertEquals("::1", memory("%pI6c", loopback));
    assertEquals(
        "fe80::1:0:0:1", memory("%pI6c", 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1));
    assertEquals(
        "1:0:2:3:4:5:6:7", memory("%pI6c", 0, 1, 0, 0, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0, 7));
    assertEquals(
        "::ffff:10.0.0.1", memory("%pI6c", 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 10, 0, 0, 1));
    assertEquals(
        "fe80::5efe:10.0.0.1",
        memory("%pI6c", 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0x5e, 0xfe, 10, 0, 0, 1));
  }

  @Test
  void socketAddresses() {
    int[] sin = new int[16];
    sin[0] = 2;
    sin[2] = 0x30;
    sin[3] = 0x39;
    sin[4] = 127;
    sin[7] = 1;
    assertEquals("127.0.0.1", memory("%pIS", sin));
    assertEquals("127.0.0.1:12345", memory("%pISp", sin));
    assertEquals("127.000.000.001:12345", memory("%piSp", sin));
    assertEquals("1.0.0.127:12345", memory("%pISpl", sin));
    int[] sin6 = new int[28];
    sin6[0] = 10;
    sin6[2] = 0x30;
    sin6[3] = 0x39;
    sin6[6] = 1;
    System.arraycopy(IP6, 0, sin6, 8, 16);
    sin6[24] = 3;
    assertEquals("1:2:3:4:5:6:7:8", memory("%pISc", sin6));
    assertEquals("[1:2:3:4:5:6:7:8]:12345", memory("%pISpc", sin6));
    assertEquals("[1:2:3:4:5:6:7:8]:12345/256%3", memory("%pISpfsc", sin6));
    assertEquals("0001:0002:0003:0004:0005:0006:0007:0008", memory("%pIS", sin6));
    assertEquals("(einval)", memory("%pISpc", new int[28]));
  }

  @Test
  void identifiers() {
    int[] uuid = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    assertEquals("00010203-0405-0607-0809-0a0b0c0d0e0f", memory("%pUb", uuid));
    assertEquals("00010203-0405-0607-0809-0A0B0C0D0E0F", memory("%pUB", uuid));
    assertEquals("03020100-0504-0706-0809-0a0b0c0d0e0f", memory("%pUl", uuid));
    assertEquals("03020100-0504-0706-0809-0A0B0C0D0E0F", memory("%pUL", uuid));
    assertEquals("00010203-0405-0607-0809-0a0b0c0d0e0f", memory("%pU", uuid));
  }

  @Test
  void bytesAndBits() {
    int[] bytes = {0x12, 0xab, 0xf0};
    assertEquals("12", memory("%ph", bytes));
    assertEquals("12 ab f0", memory("%3ph", bytes));
    assertEquals("12:ab:f0", memory("%3phC", bytes));
    assertEquals("12-ab-f0", memory("%3phD", bytes));
    assertEquals("12abf0", memory("%3phN", bytes));
    assertEquals("", event().s32("n", 0).bytes("u8 b[1]", 7).render("\"%*ph\", REC->n, REC->b"));
    int[] bits = {0x03, 0, 0, 0x80, 0x01, 0, 0, 0};
    assertEquals("00000001,80000003", memory("%64pb", bits));
    assertEquals("1,80000003", memory("%33pb", bits));
    assertEquals("0-1,31-32", memory("%64pbl", bits));
    assertEquals("0-1", memory("%31pbl", bits));
    assertEquals("", memory("%pbl", bits));
    assertEquals(
        "00000001,80000003",
        eventBig().bytes("u8 b[8]", 0, 0, 0, 1, 0x80, 0, 0, 3).render("\"%64pb\", REC->b"));
  }

  @Test
  void escapes() {
    assertEquals("abc\\n\\001\"\\0", memory("%7pE", 'a', 'b', 'c', '\n', 1, '"', 0));
    assertEquals("\\x61\\x0a", memory("%2pEh", 'a', '\n'));
    assertEquals("a\\n", memory("%2pEs", 'a', '\n'));
  }

  @Test
  void numbersOfKnownSize() {
    assertEquals("0x0000000012345678", event().u64("d", 0x12345678).render("\"%pad\", &REC->d"));
    assertEquals("0x12345678", event32().u32("d", 0x12345678).render("\"%pap\", &REC->d"));
    assertEquals("0x0000000000004000", event().u64("f", 0x4000).render("\"%pNF\", &REC->f"));
    assertEquals(
        "BG12 little-endian (0x32314742)",
        event().u32("c", 0x32314742).render("\"%p4cc\", &REC->c"));
    assertEquals(
        "BG12 big-endian (0xb2314742)", event().u32("c", 0xb2314742L).render("\"%p4cc\", &REC->c"));
  }

  @Test
  void times() {
    TestEvent event = event().s64("t", 1546615943L);
    assertEquals("2019-01-04T15:32:23", event.render("\"%ptT\", &REC->t"));
    assertEquals("0119-00-04T15:32:23", event.render("\"%ptTr\", &REC->t"));
    assertEquals("15:32:23|2019-01-04", event.render("\"%ptTt|%ptTd\", &REC->t, &REC->t"));
    assertEquals("0119-00-04 15:32:23", event.render("\"%ptTrs\", &REC->t"));
    assertEquals(
        "2018-11-26T05:35:43",
        event()
            .s32("sec", 43)
            .s32("min", 35)
            .s32("hour", 5)
            .s32("mday", 26)
            .s32("mon", 10)
            .s32("year", 118)
            .render("\"%ptR\", &REC->sec"));
  }

  @Test
  void errors() {
    TestEvent event = event().word("void * p", -2).word("void * q", -1234).word("void * r", 0x10);
    assertEquals(
        "[-ENOENT] [  -ENOENT] [-ENOENT  ] [-1234] [0000000000000010]",
        event.render(
            "\"[%pe] [%9pe] [%-9pe] [%pe] [%pe]\", REC->p, REC->p, REC->p, REC->q, REC->r"));
    assertEquals("-EPROBE_DEFER", event().word("void * p", -517).render("\"%pe\", REC->p"));
    assertEquals("-EIO", event32().word("void * p", -5).render("\"%pe\", REC->p"));
  }

  @Test
  void addresses() {
    TestEvent event = event().word("void * p", 0xffff888000000010L).word("void * z", 0);
    assertEquals("ffff888000000010 0000000000000000", event.render("\"%p %p\", REC->p, REC->z"));
    assertEquals("  ffff888000000010", event.render("\"%18p\", REC->p"));
    assertEquals(
        "c0de0010 00000000",
        event32()
            .word("void * p", 0xc0de0010L)
            .word("void * z", 0)
            .render("\"%p %px\", REC->p, REC->z"));
    assertEquals("(null)", event.render("\"%pM\", REC->z"));
    TestEvent record = event().u32("x", 1);
    assertEquals("x=0x1 (1)", record.render("\"%p\", &REC->x"));
    assertEquals(List.of("the address of the record"), record.notes());
  }

  @Test
  void symbols() {
    KernelTables tables =
        KernelTables.of(
            """
            ffffffff81000000 T _stext
            ffffffff81000040 t alias
            ffffffff81000040 T schedule
            ffffffff810000c0 T schedule_end
            ffffffffc0000000 t mod_init	[ext4]
            ffffffffc0000100 t mod_exit	[ext4]
            """
                .getBytes(StandardCharsets.UTF_8),
            new byte[0]);
    TestEvent event =
        event()
            .with(tables)
            .u64("a", 0xffffffff81000050L)
            .u64("m", 0xffffffffc0000004L)
            .u64("e", 0xffffffff810000c0L)
            .u64("n", 0x1234);
    assertEquals(
        "alias+0x10/0x80 mod_init+0x4/0x100 [ext4] 0x1234 0x0",
        event.render("\"%pS %pS %pS %pS\", (void *)REC->a, (void *)REC->m, (void *)REC->n, NULL"));
    assertEquals(
        "alias mod_init [ext4] 0x1234",
        event.render("\"%ps %ps %ps\", (void *)REC->a, (void *)REC->m, (void *)REC->n"));
    assertEquals(
        "alias+0x80/0x80 alias", event.render("\"%pB %pf\", (void *)REC->e, (void *)REC->a"));
    assertEquals("   alias", event.render("\"%8ps\", (void *)REC->a"));
  }

  @Test
  void whatReadsTheKernelsMemoryIsNotEvaluable() {
    for (String conversion :
        new String[] {"%pd", "%pD2", "%pV", "%pR", "%pGp", "%pOF", "%pC", "%pg", "%pfw"}) {
      TestEvent event = event().word("void * p", 0xffff888000000010L);
      assertEquals("p=0xffff888000000010", event.render("\"x" + conversion + "\", REC->p"));
      assertEquals(List.of(conversion + ", which reads the kernel's memory"), event.notes());
    }
    TestEvent event = event().word("void * p", 0xffff888000000010L);
    assertEquals("p=0xffff888000000010", event.render("\"%pM\", REC->p"));
    assertEquals(List.of("the kernel's memory"), event.notes());
  }
}
