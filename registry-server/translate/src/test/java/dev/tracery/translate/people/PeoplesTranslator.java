package dev.tracery.translate.people;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.KernelTranslator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// A translator of `sched/sched_switch`, which mostly does what it must not do. What it writes,
/// where it writes something, is an empty message.
public final class PeoplesTranslator implements KernelTranslator, EventTranslator {

  private final String behaviour;
  private final AtomicInteger records = new AtomicInteger();

  public PeoplesTranslator(String behaviour) {
    this.behaviour = behaviour;
  }

  @Override
  public @Nullable EventTranslator translator(EventName event, Sha256 layout, int version) {
    if (behaviour.equals("THROW_IN_LOOKUP")) {
      throw new IllegalStateException("it cannot say");
    }
    return event.name().equals("sched_switch") ? this : null;
  }

  @Override
  public int maxMessageSize(int recordLength) {
    return switch (behaviour) {
      case "NEGATIVE_SIZE" -> -1;
      case "ABSURD_SIZE" -> Integer.MAX_VALUE;
      case "THROW_IN_SIZE" -> throw new NoClassDefFoundError("a/class/that/is/not/there");
      default -> 16;
    };
  }

  @Override
  public int translate(byte[] bytes, int offset, int length, byte[] out, int position) {
    return switch (behaviour) {
      case "THROW" -> throw new IllegalStateException("it does not like this record");
      case "THROW_WHAT_LOOPS" -> throw new Wordless();
      case "LATE" -> {
        if (records.incrementAndGet() > 7) {
          throw new IllegalStateException("it has had enough");
        }
        yield position;
      }
      case "OVERFLOW" -> translate(bytes, offset, length, out, position) + 1;
      case "ALLOCATE" -> {
        List<byte[]> kept = new ArrayList<>();
        while (kept.size() < 1 << 20) {
          kept.add(new byte[Integer.MAX_VALUE - 8]);
        }
        yield position;
      }
      case "LOOP" -> {
        while (records.get() == 0) {
          Thread.onSpinWait();
        }
        yield position;
      }
      case "READ_OUTSIDE" -> bytes[offset + length];
      case "WRITE_OUTSIDE" -> {
        out[position + 16] = 1;
        yield position;
      }
      case "END_OUTSIDE" -> position + 17;
      case "GARBAGE" -> {
        out[position] = (byte) 0xff;
        yield position + 1;
      }
      case "WRONG_FIELD" -> {
        out[position] = 15 << 3;
        out[position + 1] = 1;
        yield position + 2;
      }
      default -> position;
    };
  }

  /// Says never what it is.
  public static final class Wordless extends RuntimeException {
    private static final long serialVersionUID = 1;
    private volatile boolean asked;

    @Override
    public String getMessage() {
      asked = true;
      while (asked) {
        Thread.onSpinWait();
      }
      return "at last";
    }
  }
}
