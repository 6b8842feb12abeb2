package dev.tracery.client.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import dev.tracery.decode.ExpectedMessage;
import dev.tracery.decode.RandomPlan;
import dev.tracery.v1.Conversion;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.Placement;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Plans, and records that are cut and damaged, by chance; protobuf's own messages are the witness.
class RandomPlansTest {

  @Test
  void values_and_messages_are_those_of_protobuf() {
    Random random = new Random(5);
    RandomPlan plans = new RandomPlan(random);
    for (int i = 0; i < 2000; i++) {
      DecodePlan plan = plans.plan();
      Descriptor type = ExpectedMessage.type(plan);
      EventDecoder decoder = decoder(plan, type);
      for (int j = 0; j < 10; j++) {
        byte[] record = plans.record(plan);
        DynamicMessage expected = ExpectedMessage.of(plan, record, type);
        assertArrayEquals(expected.toByteArray(), decoder.message(record), plan::toString);
        for (EventField field : decoder.fields()) {
          assertEquals(
              expected.getField(type.findFieldByNumber(field.number())),
              value(field, record),
              plan::toString);
        }
      }
    }
  }

  @Test
  void any_plan_is_refused_or_reads_no_byte_outside_of_any_record() {
    Random random = new Random(6);
    int refused = 0;
    for (int i = 0; i < 20_000; i++) {
      DecodePlan plan = anything(random);
      EventDecoder decoder;
      try {
        decoder = decoder(plan, ExpectedMessage.type(DecodePlan.getDefaultInstance()));
      } catch (IllegalArgumentException e) {
        assertTrue(String.valueOf(e.getMessage()).startsWith("the plan of "), e.getMessage());
        refused++;
        continue;
      }
      byte[] record = new byte[random.nextInt(100)];
      random.nextBytes(record);
      decoder.message(record);
    }
    assertTrue(refused > 1000 && refused < 19_000, refused + " were refused");
  }

  /// Numbers that are often such as a plan has, and often not.
  private static DecodePlan anything(Random random) {
    DecodePlan.Builder plan =
        DecodePlan.newBuilder()
            .setByteOrderValue(random.nextInt(20) == 0 ? random.nextInt(5) : 1)
            .setWordSizeValue(random.nextInt(20) == 0 ? random.nextInt(5) : 2);
    for (int i = random.nextInt(4); i > 0; i--) {
      plan.addOperations(
          DecodeOperation.newBuilder()
              .setFieldNumber(random.nextInt(30) == 0 ? random.nextInt() : 1 + random.nextInt(40))
              .setPlacementValue(
                  random.nextInt(30) == 0
                      ? random.nextInt()
                      : random.nextInt(1, Placement.values().length - 1))
              .setConversionValue(
                  random.nextInt(30) == 0
                      ? random.nextInt()
                      : random.nextInt(1, Conversion.values().length - 1))
              .setOffset(random.nextInt(10) == 0 ? random.nextInt() : random.nextInt(120))
              .setSize(random.nextInt(10) == 0 ? random.nextInt() : 4)
              .setElementSize(random.nextInt(10) == 0 ? random.nextInt(20) : 2)
              .setSigned(random.nextBoolean()));
    }
    return plan.build();
  }

  private static EventDecoder decoder(DecodePlan plan, Descriptor type) {
    return EventDecoder.of(
        EventReading.newBuilder()
            .setMessageName(type.getFullName())
            .setFile(type.getFile().toProto())
            .setDecodePlan(plan)
            .build());
  }

  /// As protobuf has it.
  private static Object value(EventField field, byte[] record) {
    return switch (field) {
      case IntegerField integer -> integer.get(record);
      case BooleanField bool -> bool.get(record);
      case TextField text -> text.get(record);
      case BytesField bytes -> ByteString.copyFrom(bytes.get(record));
      case IntegersField list -> List.copyOf(Arrays.stream(list.get(record)).boxed().toList());
    };
  }
}
