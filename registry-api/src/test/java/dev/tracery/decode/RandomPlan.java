package dev.tracery.decode;

import dev.tracery.v1.Arithmetic;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.Placement;
import dev.tracery.v1.WordSize;
import java.util.Random;
import java.util.SortedSet;
import java.util.TreeSet;

/// Plans and records by chance, with everything that `decode.proto` allows.
public final class RandomPlan {

  private static final int[] SIZES = {1, 2, 4, 8};
  private static final Conversion[] CONVERSIONS = {
    Conversion.CONVERSION_INTEGER,
    Conversion.CONVERSION_INTEGER,
    Conversion.CONVERSION_BOOL,
    Conversion.CONVERSION_STRING,
    Conversion.CONVERSION_STRING,
    Conversion.CONVERSION_BYTES,
    Conversion.CONVERSION_INTEGERS,
    Conversion.CONVERSION_BITMASK
  };

  private final Random random;

  public RandomPlan(Random random) {
    this.random = random;
  }

  public DecodePlan plan() {
    DecodePlan.Builder plan =
        DecodePlan.newBuilder()
            .setByteOrder(
                random.nextBoolean()
                    ? ByteOrder.BYTE_ORDER_BIG_ENDIAN
                    : ByteOrder.BYTE_ORDER_LITTLE_ENDIAN)
            .setWordSize(random.nextBoolean() ? WordSize.WORD_SIZE_32 : WordSize.WORD_SIZE_64);
    SortedSet<Integer> numbers = new TreeSet<>();
    int largest = random.nextInt(10) == 0 ? (1 << 29) - 1 : random.nextInt(3) == 0 ? 3000 : 20;
    int count = random.nextInt(12);
    while (numbers.size() < count) {
      int number = 1 + random.nextInt(largest);
      if (number < 19_000 || number > 19_999) {
        numbers.add(number);
      }
    }
    numbers.forEach(number -> plan.addOperations(operation(number)));
    return plan.build();
  }

  private DecodeOperation operation(int number) {
    Conversion conversion = CONVERSIONS[random.nextInt(CONVERSIONS.length)];
    boolean scalar =
        conversion == Conversion.CONVERSION_INTEGER || conversion == Conversion.CONVERSION_BOOL;
    Placement placement =
        Placement.forNumber(scalar && random.nextInt(8) != 0 ? 1 : 1 + random.nextInt(4));
    int element = SIZES[random.nextInt(SIZES.length)];
    DecodeOperation.Builder operation =
        DecodeOperation.newBuilder()
            .setFieldNumber(number)
            .setConversion(conversion)
            .setPlacement(placement)
            .setOffset(random.nextInt(48))
            .setElementSize(element)
            .setSigned(random.nextBoolean())
            .setSize(
                switch (placement) {
                  case PLACEMENT_FIXED ->
                      scalar ? element : random.nextInt(3) == 0 ? 16 : random.nextInt(40);
                  case PLACEMENT_REST -> 0;
                  default -> random.nextInt(6) == 0 ? 2 : 4;
                });
    if (conversion == Conversion.CONVERSION_INTEGER && random.nextInt(4) == 0) {
      operation.setArithmetic(
          Arithmetic.newBuilder()
              .setShiftRight(random.nextInt(3) == 0 ? random.nextInt(64) : 0)
              .setMask(random.nextInt(3) == 0 ? random.nextLong() : 0)
              .setMultiply(random.nextInt(3) == 0 ? random.nextLong() >> random.nextInt(64) : 0)
              .setDivide(random.nextInt(3) == 0 ? random.nextLong() >> random.nextInt(64) : 0)
              .setAdd(random.nextInt(3) == 0 ? random.nextInt(100) - 50 : 0));
    }
    return operation.build();
  }

  /// A record in which locations often point to something, numbers are of all sizes, and text is
  /// often text. No byte is 0xed: see [ExpectedMessage].
  public byte[] record(DecodePlan plan) {
    byte[] record = new byte[random.nextInt(8) == 0 ? random.nextInt(400) : random.nextInt(120)];
    int style = random.nextInt(4);
    for (int i = 0; i < record.length; i++) {
      record[i] =
          (byte)
              switch (style) {
                case 0 -> random.nextInt(256);
                case 1 -> random.nextInt(4) == 0 ? random.nextInt(128) : 0;
                case 2 -> 'a' + random.nextInt(26) & (random.nextInt(12) == 0 ? 0 : 0xff);
                default -> random.nextInt(16) == 0 ? random.nextInt(256) : 'x';
              };
    }
    for (DecodeOperation operation : plan.getOperationsList()) {
      boolean located =
          operation.getPlacement() == Placement.PLACEMENT_DATA_LOC
              || operation.getPlacement() == Placement.PLACEMENT_REL_LOC;
      int at = operation.getOffset();
      if (located && at + operation.getSize() <= record.length && random.nextInt(4) != 0) {
        locate(plan, operation, record, at);
      }
    }
    for (int i = 0; i < record.length; i++) {
      record[i] = record[i] == (byte) 0xed ? 7 : record[i];
    }
    return record;
  }

  private void locate(DecodePlan plan, DecodeOperation operation, byte[] record, int at) {
    int from = random.nextInt(record.length);
    int length = random.nextInt(record.length + 1);
    int value = operation.getSize() == 2 ? from : length << 16 | from;
    for (int i = 0; i < operation.getSize(); i++) {
      int place =
          plan.getByteOrder() == ByteOrder.BYTE_ORDER_BIG_ENDIAN ? operation.getSize() - 1 - i : i;
      record[at + i] = (byte) (value >>> 8 * place);
    }
  }
}
