package dev.tracery.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What is printed instead of a print format: every field, by its type.
final class RawFieldsTest {

  @Test
  void everyFieldIsPrintedByItsType() {
    TestEvent event =
        TestEvent.event()
            .s32("minus", -5)
            .u8("byte", 200)
            .word("void * pointer", 0xffff888000000010L)
            .word("const char * name", 0)
            .text("comm", 16, "swapper/1")
            .bytes("u8 mac[3]", 1, 2, 255)
            .string("file", "/bin/ls")
            .relative("u16", "list", new byte[] {1, 0, 2, 0});
    assertEquals(
        "minus=0xfffffffb (-5) byte=0xc8 (200) pointer=0xffff888000000010 name=0x0 comm=swapper/1"
            + " mac=01,02,ff file=/bin/ls list=01,00,02,00",
        event.render("\"%d\", unknown()"));
    assertEquals("a call of unknown()", event.notes().getFirst());
  }

  @Test
  void stringsOfTheKernelAreLookedUp() {
    KernelTables tables =
        new KernelTables(
            KernelSymbols.NONE, _ -> "Start context switch".getBytes(StandardCharsets.UTF_8));
    assertEquals(
        "s=0xffffffff82000000 (Start context switch)",
        TestEvent.event()
            .with(tables)
            .word("const char * s", 0xffffffff82000000L)
            .render("\"%d\", unknown()"));
  }

  @Test
  void whatIsNotInTheRecordIsSaidToBeCutOff() {
    TestEvent event = TestEvent.event().s32("a", 1).s32("b", 2).string("s", "x");
    Layout layout = event.layout("\"%d %d\", REC->a, REC->b");
    byte[] record = new byte[20];
    record[8] = 1;
    record[12] = 2;
    record[16] = 100;
    record[18] = 4;
    TextBuffer out = new TextBuffer();
    RenderNotes notes = new RenderNotes();
    EventRenderer renderer =
        new EventRenderers(Target.LITTLE_64, KernelTables.NONE, notes).of(TestEvent.NAME, layout);
    renderer.render(record, 0, 14, out);
    assertEquals("a=0x1 (1) b=(cut off) s=(cut off)", out.toString());
    assertEquals(
        Map.of(TestEvent.NAME, "a record that ends before its fields do"), notes.reasons());
    out.truncate(0);
    renderer.render(record, 0, 20, out);
    assertEquals("1 2", out.toString());
    out.truncate(0);
    new EventRenderers(Target.LITTLE_64, KernelTables.NONE, notes)
        .rawFields(layout)
        .render(record, 0, 20, out);
    assertEquals("a=0x1 (1) b=0x2 (2) s=(outside of the record)", out.toString());
  }

  @Test
  void aPrintFormatThatIsNoCIsNotEvaluated() {
    TestEvent event = TestEvent.event().s32("a", 1);
    assertEquals("a=0x1 (1)", event.render("\"%d\" 7, REC->a"));
    assertEquals("the print format is no C that is understood", event.notes().getFirst());
  }
}
