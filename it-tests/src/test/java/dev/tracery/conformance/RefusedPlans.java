package dev.tracery.conformance;

import dev.tracery.conformance.v1.PlanCase;
import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import dev.tracery.v1.WordSize;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// Plans that a client must refuse: each breaks one rule.
final class RefusedPlans {

  private static final int MOST = 1 << 20;
  private static final List<Conversion> OF_INTEGERS =
      List.of(
          Conversion.CONVERSION_INTEGER,
          Conversion.CONVERSION_BOOL,
          Conversion.CONVERSION_INTEGERS,
          Conversion.CONVERSION_BITMASK);

  private final List<PlanCase> cases = new ArrayList<>();

  static List<PlanCase> make() {
    RefusedPlans made = new RefusedPlans();
    made.numbers();
    made.kinds();
    made.places();
    made.integers();
    made.kernels();
    return List.copyOf(made.cases);
  }

  private void numbers() {
    for (int number : new int[] {0, -1, 1 << 29, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      second(
          "field number " + number,
          "a field number is from 1 to 536870911",
          o -> o.setFieldNumber(number));
    }
    second("two operations of one field", "field 1 has two operations", o -> o.setFieldNumber(1));
  }

  private void kinds() {
    for (int value : new int[] {0, 5, 99, -1}) {
      second("placement " + value, "the placement is unknown", o -> o.setPlacementValue(value));
    }
    for (int value : new int[] {0, 7, 99, -1}) {
      second("conversion " + value, "the conversion is unknown", o -> o.setConversionValue(value));
    }
  }

  private void places() {
    for (int size : new int[] {MOST + 1, Integer.MAX_VALUE, Integer.MIN_VALUE, -1, -4}) {
      String words = Integer.toUnsignedString(size);
      second("offset " + words, "no record is so long", o -> o.setOffset(size));
      second("size " + words, "no record is so long", o -> o.setSize(size));
    }
    second(
        "offset and size that are 0 together in 32 bits",
        "no record is so long",
        o -> o.setOffset(1 << 31).setSize(1 << 31));
    second(
        "offset of a rest",
        "no record is so long",
        o -> o.setPlacement(Placement.PLACEMENT_REST).setSize(0).setOffset(MOST + 1));
    for (Placement placement : List.of(Placement.PLACEMENT_DATA_LOC, Placement.PLACEMENT_REL_LOC)) {
      for (int size : new int[] {0, 1, 3, 8}) {
        second(
            placement + " with a word of " + size,
            "a location word has 2 or 4 bytes",
            o ->
                o.setPlacement(placement)
                    .setConversion(Conversion.CONVERSION_STRING)
                    .setElementSize(1)
                    .setSize(size));
      }
    }
  }

  private void integers() {
    for (Conversion conversion : OF_INTEGERS) {
      for (int size : new int[] {0, 3, 16, -1}) {
        second(
            conversion + " of " + Integer.toUnsignedString(size) + " bytes",
            "integers have 1, 2, 4 or 8 bytes",
            o -> o.setConversion(conversion).setElementSize(size));
      }
    }
    for (int shift : new int[] {64, 255, Integer.MIN_VALUE, -1}) {
      second(
          "shift by " + Integer.toUnsignedString(shift),
          "a shift is by 63 bits at most",
          o -> o.setArithmetic(Arithmetic.newBuilder().setShiftRight(shift)));
    }
  }

  private void kernels() {
    for (int value : new int[] {0, 3, 99}) {
      DecodePlan.Builder order = good();
      add("byte order " + value, "the byte order is unknown", order.setByteOrderValue(value));
      DecodePlan.Builder word = good();
      add("word size " + value, "the word size is unknown", word.setWordSizeValue(value));
    }
    add(
        "byte order unknown, and no operation",
        "the byte order is unknown",
        DecodePlan.newBuilder().setEvent("made/event").setWordSize(WordSize.WORD_SIZE_64));
  }

  /// A plan whose second of three operations has what is changed.
  private void second(String name, String why, Consumer<DecodeOperation.Builder> change) {
    DecodePlan.Builder plan = good();
    change.accept(plan.getOperationsBuilder(1));
    add(name, why, plan);
  }

  private void add(String name, String why, DecodePlan.Builder plan) {
    cases.add(
        PlanCase.newBuilder()
            .setName("refused: " + name)
            .setPlan(plan)
            .setFile(
                new MadeMessage(good().getWordSize(), good().getByteOrder())
                    .add("one", good().getOperations(0))
                    .add("two", good().getOperations(1))
                    .add("three", good().getOperations(2))
                    .file()
                    .toByteString())
            .setMessageName("made.Event")
            .setRefused(why)
            .build());
  }

  private static DecodePlan.Builder good() {
    DecodePlan.Builder plan =
        DecodePlan.newBuilder()
            .setEvent("made/event")
            .setWordSize(WordSize.WORD_SIZE_64)
            .setByteOrder(ByteOrder.BYTE_ORDER_LITTLE_ENDIAN);
    for (int number = 1; number <= 3; number++) {
      plan.addOperations(
          DecodeOperation.newBuilder()
              .setFieldNumber(number)
              .setPlacement(Placement.PLACEMENT_FIXED)
              .setConversion(Conversion.CONVERSION_INTEGER)
              .setOffset(4 * number)
              .setSize(4)
              .setElementSize(4));
    }
    return plan;
  }
}
