package dev.tracery.translate;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.model.ByteOrder;
import dev.tracery.trace.RecordCursor;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/// A way in which `trace-cmd report -R` (3.1.6, with libtraceevent 1.7.1) prints a value that is
/// not the record's. Each says what is in the record, so that no other difference passes for it.
enum GoldenQuirk {
  /// An empty dynamic array is printed with `%s`: what comes out is whatever lies at its offset, up
  /// to the next NUL. Ours is empty, since the location word says so.
  EMPTY_ARRAY_READ {
    @Override
    boolean explains(Difference found) {
      return isEmpty(found.ours())
          && found.field().placement() == Placement.DATA_LOC
          && found.number(found.field().offset(), 4) >>> 16 == 0;
    }
  },
  /// Text without a NUL at its end is printed on to the next one. Ours ends where the array ends.
  READ_PAST_ARRAY {
    @Override
    boolean explains(Difference found) {
      byte[] ours = bytes(found.ours());
      int length = found.arrayLength();
      return ours.length > 0 && ours.length == length && found.text().skip(ours);
    }
  },
  /// The sign is lost: of a `long` of 32 bits with `%ld`, of an s16 and an s8 with `%d`. Ours is
  /// what the sign column of the format says.
  SIGN_LOST {
    @Override
    boolean explains(Difference found) {
      if (!(found.ours() instanceof Number number) || number.longValue() >= 0) {
        return false;
      }
      long unsigned = number.longValue() & 0xffff_ffffL;
      String bits = Long.toString(unsigned & (found.field().size() < 4 ? 0xffff : 0xffff_ffffL));
      return found.text().word().equals(bits);
    }
  },
  /// A `char *` that points to no known string is printed as an address with its bytes in the order
  /// of the machine that reports. Ours has the order of the kernel that recorded.
  ADDRESS_NOT_SWAPPED {
    @Override
    boolean explains(Difference found) {
      return found.ours() instanceof Long number
          && found.order() == ByteOrder.BIG_ENDIAN
          && found.text().word().equals(Long.toHexString(Long.reverseBytes(number)));
    }
  };

  /// A value of ours that is not what comes next in the report.
  ///
  /// @param text stands before their value
  record Difference(
      Field field, Object ours, GoldenText text, RecordCursor record, ByteOrder order) {

    long number(int offset, int size) {
      byte[] bytes =
          Arrays.copyOfRange(
              record.bytes(), record.offset() + offset, record.offset() + offset + size);
      if (order == ByteOrder.LITTLE_ENDIAN) {
        for (int i = 0; i < size / 2; i++) {
          byte b = bytes[i];
          bytes[i] = bytes[size - 1 - i];
          bytes[size - 1 - i] = b;
        }
      }
      return new BigInteger(1, bytes).longValue();
    }

    int arrayLength() {
      return field.placement() == Placement.FIXED
          ? field.size()
          : (int) (number(field.offset(), 4) >>> 16);
    }
  }

  abstract boolean explains(Difference found);

  /// The quirk that explains a difference. The text stands where it stood.
  static Optional<GoldenQuirk> of(Difference found) {
    int at = found.text().at();
    for (GoldenQuirk quirk : values()) {
      boolean explains = quirk.explains(found);
      found.text().at(at);
      if (explains) {
        return Optional.of(quirk);
      }
    }
    return Optional.empty();
  }

  private static boolean isEmpty(Object value) {
    return bytes(value).length == 0 && (value instanceof String || value instanceof ByteString);
  }

  private static byte[] bytes(Object value) {
    return switch (value) {
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      case ByteString bytes -> bytes.toByteArray();
      default -> new byte[0];
    };
  }
}
