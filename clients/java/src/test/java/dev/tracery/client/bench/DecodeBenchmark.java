package dev.tracery.client.bench;

import dev.tracery.client.conformance.Vectors;
import dev.tracery.client.decode.EventDecoder;
import dev.tracery.client.decode.IntegerField;
import dev.tracery.client.decode.TextField;
import dev.tracery.v1.EventReading;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/// How many sched_switch records one thread decodes in a second, all seven fields into native
/// values.
public final class DecodeBenchmark {

  private static final int RECORDS = 4096;
  private static final int TIMES = 500;
  private static final int WARM_UP = 5;
  private static final int ROUNDS = 11;

  private final TextField prevComm;
  private final IntegerField prevPid;
  private final IntegerField prevPrio;
  private final IntegerField prevState;
  private final TextField nextComm;
  private final IntegerField nextPid;
  private final IntegerField nextPrio;

  private DecodeBenchmark(EventDecoder decoder) {
    prevComm = decoder.text("prev_comm");
    prevPid = decoder.integer("prev_pid");
    prevPrio = decoder.integer("prev_prio");
    prevState = decoder.integer("prev_state");
    nextComm = decoder.text("next_comm");
    nextPid = decoder.integer("next_pid");
    nextPrio = decoder.integer("next_prio");
  }

  public static void main(String... args) {
    EventReading reading = Vectors.schedSwitch();
    DecodeBenchmark benchmark = new DecodeBenchmark(EventDecoder.of(reading));
    int size = reading.getDecodePlan().getFixedSize();
    byte[] records = records(size);
    double[] perSecond = new double[ROUNDS];
    long seen = 0;
    for (int round = -WARM_UP; round < ROUNDS; round++) {
      long start = System.nanoTime();
      for (int i = 0; i < TIMES; i++) {
        seen += benchmark.decode(records, size);
      }
      double seconds = (System.nanoTime() - start) / 1e9;
      if (round >= 0) {
        perSecond[round] = (double) TIMES * RECORDS / seconds;
      }
    }
    Arrays.sort(perSecond);
    System.err.println("sum of what was decoded: " + seen);
    System.out.println(Math.round(perSecond[ROUNDS / 2]));
  }

  private long decode(byte[] records, int size) {
    long seen = 0;
    for (int at = 0; at < records.length; at += size) {
      String prev = prevComm.get(records, at, size);
      String next = nextComm.get(records, at, size);
      seen += prev.length() + next.length();
      seen += prevPid.get(records, at, size) + prevPrio.get(records, at, size);
      seen += nextPid.get(records, at, size) + nextPrio.get(records, at, size);
      seen += prevState.get(records, at, size);
    }
    return seen;
  }

  /// As 6.1 writes them: prev_comm at 8, prev_pid, prev_prio, prev_state at 32, next_comm at 40,
  /// next_pid, next_prio.
  private static byte[] records(int size) {
    Random random = new Random(1);
    ByteBuffer records = ByteBuffer.allocate(RECORDS * size).order(ByteOrder.LITTLE_ENDIAN);
    for (int at = 0; at < records.capacity(); at += size) {
      records.put(at + 8, comm(random)).putInt(at + 24, random.nextInt(1 << 16));
      records.putInt(at + 28, 120).putLong(at + 32, random.nextInt(3));
      records.put(at + 40, comm(random)).putInt(at + 56, random.nextInt(1 << 16));
      records.putInt(at + 60, 120);
    }
    return records.array();
  }

  private static byte[] comm(Random random) {
    String name =
        switch (random.nextInt(4)) {
          case 0 -> "swapper/" + random.nextInt(8);
          case 1 -> "kworker/u16:" + random.nextInt(20);
          case 2 -> "bash";
          default -> "postgres: write";
        };
    return name.getBytes(StandardCharsets.US_ASCII);
  }
}
