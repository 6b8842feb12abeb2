package dev.tracery.translator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/// What a person declares of a bridged field.
class BridgedFieldTest {

  private static final BridgedField RENAMED = BridgedField.renamed("a/one", "old", "new");

  @Test
  void aFormulaIsWrittenAsCWouldReadIt() {
    assertEquals(
        List.of(
            "new",
            "new >> 4",
            "new & 0xf",
            "(new >> 4) & 0xf",
            "((new >> 4) & 0xf) * 512",
            "new * 1000 / 3",
            "(new >> 12) / 8",
            "(new & 0xff) + 1",
            "new * -2 - 9223372036854775808"),
        Stream.of(
                RENAMED,
                RENAMED.shiftedRight(4),
                RENAMED.masked(15),
                RENAMED.shiftedRight(4).masked(15),
                RENAMED.shiftedRight(4).masked(15).times(512),
                RENAMED.times(1000).dividedBy(3),
                RENAMED.shiftedRight(12).dividedBy(8),
                RENAMED.masked(255).plus(1),
                RENAMED.times(-2).plus(Long.MIN_VALUE))
            .map(BridgedField::formula)
            .toList());
  }

  @Test
  void aStepLeavesTheOthersAsTheyAre() {
    BridgedField all = RENAMED.shiftedRight(1).masked(2).times(3).dividedBy(4).plus(5);
    assertEquals(new BridgedField(RENAMED.event(), "old", "new", 1, 2, 3, 4, 5), all);
    assertTrue(RENAMED.isRename());
    assertFalse(all.isRename());
    assertEquals("a/one.old", all.toString());
  }

  @Test
  void stepsAreSaidInTheOrderInWhichTheyAreDone() {
    String order =
        " comes too late or twice; the order is shiftedRight, masked, times, dividedBy, plus, each"
            + " once";
    assertEquals("a/one.old: times" + order, refusal(() -> RENAMED.plus(1).times(2)));
    assertEquals("a/one.old: masked" + order, refusal(() -> RENAMED.dividedBy(2).masked(2)));
    assertEquals(
        "a/one.old: shiftedRight" + order, refusal(() -> RENAMED.masked(2).shiftedRight(2)));
    assertEquals("a/one.old: plus" + order, refusal(() -> RENAMED.plus(1).plus(1)));
  }

  @Test
  void whatMakesNoSenseIsRefused() {
    assertEquals(
        "a/one.old: expected a shift of 0 to 63 bits but found 64",
        refusal(() -> RENAMED.shiftedRight(64)));
    assertEquals("a/one.old: masked(0) leaves no value", refusal(() -> RENAMED.masked(0)));
    assertEquals("a/one.old: times(0) leaves no value", refusal(() -> RENAMED.times(0)));
    assertEquals("a/one.old: dividedBy(0) leaves no value", refusal(() -> RENAMED.dividedBy(0)));
    assertEquals(
        "a/one.x cannot be filled from itself: a kernel that has it needs no bridge",
        refusal(() -> BridgedField.renamed("a/one", "x", "x")));
    assertEquals(
        "the source of a bridged field must be a field's name but is \"unsigned x\"",
        refusal(() -> BridgedField.renamed("a/one", "x", "unsigned x")));
    assertEquals(
        "the name of a bridged field must be a field's name but is \"\"",
        refusal(() -> BridgedField.renamed("a/one", "", "x")));
    assertEquals(
        "expected system/name but found \"one\", which has no '/'",
        refusal(() -> BridgedField.renamed("one", "x", "y")));
  }

  private static String refusal(Executable made) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, made).getMessage());
  }
}
