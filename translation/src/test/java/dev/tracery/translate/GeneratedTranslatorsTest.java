package dev.tracery.translate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.decode.ExpectedMessage;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.decode.RandomPlan;
import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;
import java.lang.classfile.ClassFile;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GeneratedTranslatorsTest {

  private static final Sha256 LAYOUT = new Sha256(1, 2, 3, 4);
  private static final int PLANS = 1500;
  private static final int RECORDS = 30;

  /// Rounds of other seeds: `-Dtracery.seed=…`.
  private static final long SEED = Long.getLong("tracery.seed", 20_261_123);

  @Test
  void interpreter_generated_class_and_protobuf_agree_on_random_plans_and_records()
      throws InvalidProtocolBufferException {
    Random random = new Random(SEED);
    RandomPlan plans = new RandomPlan(random);
    for (int i = 0; i < PLANS; i++) {
      DecodePlan plan = plans.plan();
      // Why: a loader for each plan, so that the JVM can unload.
      EventTranslator generated = new GeneratedTranslators().translator(plan, LAYOUT);
      EventTranslator interpreter = new PlanInterpreter(plan);
      Descriptor type = ExpectedMessage.type(plan);
      for (int k = 0; k < RECORDS; k++) {
        byte[] record = plans.record(plan);
        DynamicMessage expected = ExpectedMessage.of(plan, record, type);
        String bytes = HexFormat.of().formatHex(expected.toByteArray());
        String what = plan + HexFormat.of().formatHex(record);
        assertEquals(bytes, translated(interpreter, record, random), what);
        assertEquals(bytes, translated(generated, record, random), what);
        assertEquals(
            expected, DynamicMessage.parseFrom(type, HexFormat.of().parseHex(bytes)), what);
      }
    }
  }

  @Test
  void what_lies_around_a_record_changes_nothing_and_is_not_needed() {
    Random random = new Random(SEED + 1);
    RandomPlan plans = new RandomPlan(random);
    for (int i = 0; i < PLANS; i++) {
      DecodePlan plan = plans.plan();
      for (EventTranslator translator :
          List.of(new GeneratedTranslators().translator(plan, LAYOUT), new PlanInterpreter(plan))) {
        byte[] record = plans.record(plan);
        String alone = translated(translator, record, 0, 0, (byte) 0);
        for (byte neighbour : new byte[] {0, 'a', -1, (byte) 0x80}) {
          assertEquals(alone, translated(translator, record, 24, 0, neighbour), plan::toString);
          assertEquals(alone, translated(translator, record, 24, 24, neighbour), plan::toString);
        }
      }
    }
  }

  @Test
  void a_record_cut_anywhere_has_the_fields_that_it_is_long_enough_for()
      throws InvalidProtocolBufferException {
    Random random = new Random(SEED + 2);
    RandomPlan plans = new RandomPlan(random);
    for (int i = 0; i < 300; i++) {
      DecodePlan plan = plans.plan();
      Descriptor type = ExpectedMessage.type(plan);
      EventTranslator generated = new GeneratedTranslators().translator(plan, LAYOUT);
      byte[] record = plans.record(plan);
      for (int length = 0; length <= record.length; length++) {
        byte[] cut = Arrays.copyOf(record, length);
        assertEquals(
            HexFormat.of().formatHex(ExpectedMessage.of(plan, cut, type).toByteArray()),
            translated(generated, cut, random),
            plan::toString);
      }
    }
  }

  @Test
  void generated_classes_pass_the_verifier_and_equal_plans_give_equal_bytes() {
    RandomPlan plans = new RandomPlan(new Random(SEED + 3));
    for (int i = 0; i < PLANS; i++) {
      DecodePlan plan = plans.plan();
      byte[] bytes = new ClassWriter().write(ClassPlan.of(plan));
      assertEquals(List.of(), ClassFile.of().verify(bytes), plan::toString);
      assertTrue(Arrays.equals(bytes, new ClassWriter().write(ClassPlan.of(plan))));
    }
  }

  private static String translated(EventTranslator translator, byte[] record, Random random) {
    return translated(
        translator, record, random.nextInt(9), random.nextInt(2) * 9, (byte) random.nextInt(256));
  }

  /// The message of a record in an array that has some bytes before it and some behind it. Where
  /// the translator may write it has exactly the room that it asked for.
  private static String translated(
      EventTranslator translator, byte[] record, int before, int behind, byte neighbour) {
    byte[] bytes = new byte[before + record.length + behind];
    Arrays.fill(bytes, neighbour);
    System.arraycopy(record, 0, bytes, before, record.length);
    byte[] out = new byte[3 + translator.maxMessageSize(record.length)];
    int end = translator.translate(bytes, before, record.length, out, 3);
    return HexFormat.of().formatHex(out, 3, end);
  }
}
