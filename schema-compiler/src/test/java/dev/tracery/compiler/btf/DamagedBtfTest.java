package dev.tracery.compiler.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// BTF with random damage, and bytes that were never BTF: the reader ends, throws nothing, and says
/// only what can be printed. The seed is fixed; `-Dtracery.fuzz.rounds=N` and
/// `-Dtracery.fuzz.seed=N` make more.
class DamagedBtfTest {

  private static final int ROUNDS = Integer.getInteger("tracery.fuzz.rounds", 25);
  private static final long SEED = Long.getLong("tracery.fuzz.seed", 7411);

  private static void check(byte[] bytes, ByteOrder order, String what) {
    var result = KernelTypesReader.read("vmlinux", bytes, new Target(WordSize.BITS_64, order));
    boolean refused = false;
    for (Diagnostic found : result.diagnostics()) {
      assertTrue(found.toString().chars().noneMatch(Character::isISOControl), what + found);
      refused |= found.severity() == Severity.ERROR;
    }
    assertEquals(result.types().isEmpty(), refused, what);
    result
        .types()
        .ifPresent(types -> {
          String text = KernelTypesReaderTest.text(types).replace('\n', ' ');
          assertTrue(text.chars().noneMatch(Character::isISOControl), what + text);
        });
  }

  private static byte[] damaged(byte[] whole, SplittableRandom random, int front) {
    if (random.nextInt(8) == 0) {
      return Arrays.copyOf(whole, random.nextInt(whole.length));
    }
    byte[] bad = whole.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(random.nextInt(8) == 0 ? front : whole.length);
      switch (random.nextInt(4)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bad, at, Math.min(bad.length, at + 4), (byte) 0xff);
        // Why: ids of types that are there make loops.
        default -> bad[at] = (byte) random.nextInt(32);
      }
    }
    return bad;
  }

  @ParameterizedTest
  @EnumSource(ByteOrder.class)
  void damage_is_told_and_nothing_is_thrown(ByteOrder order) {
    byte[] whole = KernelTypesReaderTest.everyKind(order);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 400 * ROUNDS; round++) {
      check(damaged(whole, random, 24), order, "round " + round + ": ");
    }
  }

  @Test
  void damage_of_a_real_kernels_btf_is_told() throws IOException {
    byte[] whole = SampleBtfTest.unpacked(SampleBtfTest.BOOKWORM);
    SplittableRandom random = new SplittableRandom(SEED);
    for (int round = 0; round < 2 * ROUNDS; round++) {
      check(damaged(whole, random, 1 << 16), ByteOrder.LITTLE_ENDIAN, "round " + round + ": ");
    }
  }

  @Test
  void random_bytes_after_a_good_header_are_damage() {
    SplittableRandom random = new SplittableRandom(SEED);
    byte[] header = KernelTypesReaderTest.everyKind(ByteOrder.LITTLE_ENDIAN);
    for (int round = 0; round < 100 * ROUNDS; round++) {
      byte[] bad = header.clone();
      int from = random.nextInt(24, bad.length);
      for (int at = from; at < bad.length - 1; at++) {
        bad[at] = (byte) random.nextInt();
      }
      check(bad, ByteOrder.LITTLE_ENDIAN, "round " + round + ": ");
    }
  }
}
