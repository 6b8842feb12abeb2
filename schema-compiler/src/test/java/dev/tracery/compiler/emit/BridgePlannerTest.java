package dev.tracery.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Evolution;
import dev.tracery.compiler.lineage.Formats;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.translator.BridgedField;
import dev.tracery.v1.DecodeOperation;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// How bridges fill fields that a layout does not have.
class BridgePlannerTest {

  private static final EventName EVENT = EventName.parse("a/event");
  private static final LineageEvolver EVOLVER = new LineageEvolver();

  private static final Layout OLD =
      Formats.of(
          "int number;4;1",
          "u32 bits;4;0",
          "bool flag;1;0",
          "char text[16];16;1",
          "__data_loc u8[] raw;4;0");

  private static final Layout NEW =
      Formats.of("s16 small;2;1", "u64 large;8;0", "__data_loc char[] label;4;1", "u8 blob[4];4;0");

  private static final SchemaVersion FIRST = EVOLVER.begin(EVENT, OLD, Set.of()).version();
  private static final Lineage LINEAGE =
      new Lineage(List.of(FIRST, EVOLVER.evolve(new Lineage(List.of(FIRST)), NEW).version()));

  private static BridgedField bridge(String name, String source) {
    return BridgedField.renamed(EVENT.toString(), name, source);
  }

  private static SchemaField target(String name) {
    return EVOLVER.known(LINEAGE, name).getFirst();
  }

  private static String obstacle(BridgedField bridge) {
    return String.valueOf(new BridgePlanner().obstacle(bridge, NEW, target(bridge.name())));
  }

  /// The operations of bridges, without those of fields that the layout has.
  private static String operations(BridgedField... bridges) {
    List<SchemaField> filled =
        Stream.of(bridges).map(bridge -> target(bridge.name())).distinct().toList();
    SchemaVersion schema = EVOLVER.evolve(LINEAGE, NEW, filled).version();
    StringBuilder text = new StringBuilder();
    for (DecodeOperation operation :
        new DecodePlanner().plan(NEW, schema, List.of(bridges)).getOperationsList()) {
      if (filled.stream().anyMatch(field -> field.number() == operation.getFieldNumber())) {
        text.append(operation.toString().replaceAll("\\s+", " ").strip()).append('\n');
      }
    }
    return text.toString();
  }

  @Test
  void aRenamedIntegerIsReadWithItsOwnSignAndWidth() {
    assertEquals(
        "field_number: 2 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 8 size: 2"
            + " element_size: 2 signed: true\n",
        operations(bridge("bits", "small")));
  }

  @Test
  void aRescaledIntegerCarriesItsArithmetic() {
    assertEquals(
        "field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 10 size:"
            + " 8 element_size: 8 arithmetic { shift_right: 4 mask: 255 multiply: 3 divide: 2 add:"
            + " -1 }\n",
        operations(
            bridge("number", "large").shiftedRight(4).masked(255).times(3).dividedBy(2).plus(-1)));
  }

  @Test
  void oneFieldIsSplitIntoTwoAndABool() {
    assertEquals(
        """
        field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 10 size: 8 element_size: 8 arithmetic { shift_right: 32 }
        field_number: 2 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 10 size: 8 element_size: 8 arithmetic { mask: 4294967295 }
        field_number: 3 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 10 size: 8 element_size: 8 arithmetic { shift_right: 63 mask: 1 }
        """,
        operations(
            bridge("number", "large").shiftedRight(32),
            bridge("bits", "large").masked(0xffffffffL),
            bridge("flag", "large").shiftedRight(63).masked(1)));
  }

  @Test
  void stringsAndBytesAreRenamedWhereverTheyLie() {
    assertEquals(
        """
        field_number: 4 placement: PLACEMENT_DATA_LOC conversion: CONVERSION_STRING offset: 18 size: 4 element_size: 1
        field_number: 5 placement: PLACEMENT_FIXED conversion: CONVERSION_BYTES offset: 22 size: 4 element_size: 1
        field_number: 3 placement: PLACEMENT_FIXED conversion: CONVERSION_BOOL offset: 8 size: 2 element_size: 2 signed: true
        """,
        operations(bridge("text", "label"), bridge("raw", "blob"), bridge("flag", "small")));
  }

  @Test
  void aCommonFieldCanBeTheSource() {
    assertEquals(
        "field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 4 size: 4"
            + " element_size: 4 signed: true\n",
        operations(bridge("number", "common_pid")));
  }

  @Test
  void theFirstBridgeThatFitsIsTaken() {
    assertEquals(
        "field_number: 1 placement: PLACEMENT_FIXED conversion: CONVERSION_INTEGER offset: 8 size: 2"
            + " element_size: 2 signed: true\n",
        operations(
            bridge("number", "gone"),
            bridge("number", "label"),
            bridge("number", "small"),
            bridge("number", "large")));
  }

  @Test
  void whatDoesNotFitIsSaid() {
    assertEquals(
        List.of(
            "there is no field gone",
            "label is a string, and number an integer",
            "blob is bytes, and text a string",
            "label is a string, with which nothing can be computed",
            "small has 16 bits, and a shift by 16 leaves none",
            "label is a string, and flag a bool",
            "flag is a bool: one bit, shifted and masked with 1",
            "null"),
        Stream.of(
                bridge("number", "gone"),
                bridge("number", "label"),
                bridge("text", "blob"),
                bridge("text", "label").times(2),
                bridge("number", "small").shiftedRight(16),
                bridge("flag", "label"),
                bridge("flag", "small").times(2),
                bridge("number", "small").shiftedRight(15))
            .map(BridgePlannerTest::obstacle)
            .toList());
  }

  @Test
  void aPlanWithoutBridgesIsAsItWas() {
    DecodePlanner planner = new DecodePlanner();
    assertEquals(
        planner.plan(NEW, LINEAGE.latest()),
        planner.plan(
            NEW, LINEAGE.latest(), List.of(bridge("number", "small"), bridge("small", "large"))));
  }

  @Test
  void aVersionWithFilledFieldsIsMadeOnceAndKeepsNumbers() {
    List<SchemaField> filled = List.of(target("number"), target("text"));
    Evolution made = EVOLVER.evolve(LINEAGE, NEW, filled);
    assertEquals(true, made.isNew());
    assertEquals(
        List.of("6 small", "7 large", "8 label", "9 blob", "1 number", "4 text"),
        made.version().fields().stream()
            .map(field -> field.number() + " " + field.name())
            .toList());
    assertEquals(
        List.of("2 bits", "3 flag", "5 raw"),
        made.version().removed().stream()
            .map(field -> field.number() + " " + field.name())
            .toList());
    Lineage longer =
        new Lineage(Stream.concat(LINEAGE.versions().stream(), Stream.of(made.version())).toList());
    assertEquals(new Evolution(made.version(), false), EVOLVER.evolve(longer, NEW, filled));
    assertEquals(
        new Evolution(LINEAGE.latest(), false), EVOLVER.evolve(longer, NEW), "without bridges");
  }
}
