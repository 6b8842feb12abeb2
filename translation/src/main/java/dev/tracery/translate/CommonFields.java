package dev.tracery.translate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.layout.Placement;
import dev.tracery.model.ByteOrder;
import dev.tracery.translator.Wire;
import java.util.ArrayList;
import java.util.List;

/// Writes the common fields of a layout's records into envelopes. Immutable. Allocates nothing per
/// record.
final class CommonFields {

  private static final int PID = 4 << 3;
  private static final int FLAGS = 5 << 3;
  private static final int PREEMPT_COUNT = 6 << 3;
  private static final int OTHERS = 8 << 3 | 2;

  /// What one of the envelope's own fields is read from.
  private record Place(int offset, int size, boolean signed) {
    static final Place NONE = new Place(0, 0, false);
  }

  private final boolean bigEndian;
  private final boolean usual;
  private final Place pid;
  private final Place flags;
  private final Place preemptCount;
  private final Place[] others;
  private final List<String> otherNames;

  CommonFields(Layout layout) {
    bigEndian = layout.target().byteOrder() == ByteOrder.BIG_ENDIAN;
    Place foundPid = Place.NONE;
    Place foundFlags = Place.NONE;
    Place foundCount = Place.NONE;
    List<Place> rest = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (Field field : layout.commonFields()) {
      Place place = new Place(field.offset(), field.size(), field.kind() == FieldKind.SIGNED);
      switch (field.name()) {
        case "common_type" -> {}
        case "common_pid" -> foundPid = integer(field) ? place : Place.NONE;
        case "common_flags" -> foundFlags = integer(field) ? place : Place.NONE;
        case "common_preempt_count" -> foundCount = integer(field) ? place : Place.NONE;
        default -> {
          if (integer(field)) {
            rest.add(place);
            names.add(field.name());
          }
        }
      }
    }
    pid = foundPid;
    flags = foundFlags;
    preemptCount = foundCount;
    others = rest.toArray(Place[]::new);
    otherNames = List.copyOf(names);
    usual =
        pid.offset == 4
            && pid.size == 4
            && pid.signed
            && flags.offset == 2
            && flags.size == 1
            && preemptCount.offset == 3
            && preemptCount.size == 1
            && others.length == 0;
  }

  private static boolean integer(Field field) {
    return (field.kind().isInteger() || field.kind() == FieldKind.BOOL)
        && field.placement() == Placement.FIXED
        && Integer.bitCount(field.size()) == 1
        && field.size() <= 8;
  }

  /// The names of the fields that the envelope has no field of its own for, in its order.
  List<String> otherNames() {
    return otherNames;
  }

  /// How many bytes [#write] writes at most, the first of them among them that come after the end.
  int maxSize() {
    return 3 * 11 + 8 + 10 * others.length + Wire.SLACK;
  }

  /// Whether all records have the head that kernels have had since 2.6.31, and nothing else.
  boolean usual() {
    return usual;
  }

  /// Appends pid, flags and preempt count of a record of at least 8 bytes whose head is [#usual].
  ///
  /// @return where the envelope ends then
  int writeUsual(byte[] bytes, int offset, byte[] out, int position) {
    long head = Wire.int64(bytes, offset);
    int at = position;
    int number = (int) (head >>> 32);
    at = Wire.varint(bigEndian ? Integer.reverseBytes(number) : number, out, at, PID);
    at = Wire.varint(head >>> 16 & 0xff, out, at, FLAGS);
    return Wire.varint(head >>> 24 & 0xff, out, at, PREEMPT_COUNT);
  }

  /// The fields between which `buffer` comes.
  int write(byte[] bytes, int offset, int length, byte[] out, int position) {
    int at = Wire.varint(read(pid, bytes, offset, length), out, position, PID);
    at = Wire.varint(read(flags, bytes, offset, length), out, at, FLAGS);
    return Wire.varint(read(preemptCount, bytes, offset, length), out, at, PREEMPT_COUNT);
  }

  /// Appends the fields that the envelope has no field of its own for.
  int writeOthers(byte[] bytes, int offset, int length, byte[] out, int position) {
    if (others.length == 0) {
      return position;
    }
    int packed = 0;
    for (Place place : others) {
      packed += Wire.size(read(place, bytes, offset, length));
    }
    int at = Wire.number(packed, out, Wire.number(OTHERS, out, position));
    for (Place place : others) {
      at = Wire.number(read(place, bytes, offset, length), out, at);
    }
    return at;
  }

  /// A field's value; 0 where the record is too short for it.
  private long read(Place place, byte[] bytes, int offset, int length) {
    if (place.offset + place.size > length) {
      return 0;
    }
    int at = offset + place.offset;
    return switch (place.size) {
      case 1 -> place.signed ? Wire.int8(bytes, at) : Wire.uint8(bytes, at);
      case 2 ->
          bigEndian
              ? place.signed ? Wire.bigInt16(bytes, at) : Wire.bigUint16(bytes, at)
              : place.signed ? Wire.int16(bytes, at) : Wire.uint16(bytes, at);
      case 4 ->
          bigEndian
              ? place.signed ? Wire.bigInt32(bytes, at) : Wire.bigUint32(bytes, at)
              : place.signed ? Wire.int32(bytes, at) : Wire.uint32(bytes, at);
      case 8 -> bigEndian ? Wire.bigInt64(bytes, at) : Wire.int64(bytes, at);
      default -> 0;
    };
  }
}
