package dev.tracery.translate;

import com.google.protobuf.ByteString;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/// One field's value as `trace-cmd report -R` prints it, beside ours (tep_print_field_content and
/// print_field in libtraceevent's event-parse.c, 1.7.1).
final class GoldenValue {

  private final Target target;
  private final GoldenNumber numbers;

  GoldenValue(Target target, GoldenTables tables) {
    this.target = target;
    this.numbers = new GoldenNumber(tables);
  }

  /// Whether the value that comes next is ours; it is skipped if it is.
  ///
  /// @param ours what the message has
  /// @param conversions with which the print format prints the field
  boolean skipIfEqual(GoldenText text, Field field, Object ours, Set<Conversion> conversions) {
    return switch (field.kind()) {
      case SIGNED, UNSIGNED ->
          numbers.skipIfEqual(text, field, ((Number) ours).longValue(), conversions);
      case BOOL -> {
        String word = text.word();
        yield word.matches("0x[0-9a-f]+|\\d+|Y|N") && ours.equals(!word.matches("0x0+|0+|N"));
      }
      case STRING -> string(text, (String) ours);
      case BYTES -> bytes(text, ((ByteString) ours).toByteArray());
      case SIGNED_ARRAY, UNSIGNED_ARRAY -> integers(text, field, (List<?>) ours);
      case BITMASK -> bitmask(text, (List<?>) ours);
    };
  }

  private static boolean string(GoldenText text, String ours) {
    int from = text.at();
    if (text.skip("ARRAY[")) {
      return cut(text.hexBytes()).equals(ours);
    }
    text.at(from);
    return text.skip(ours);
  }

  private static String cut(byte[] bytes) {
    int length = 0;
    while (length < bytes.length && bytes[length] != 0) {
      length++;
    }
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }

  private static boolean bytes(GoldenText text, byte[] ours) {
    if (text.skip("ARRAY[")) {
      return Arrays.equals(text.hexBytes(), ours);
    }
    // Why: libtraceevent takes every u8 array for text where all of it can be printed.
    return text.skip(cut(ours));
  }

  private boolean integers(GoldenText text, Field field, List<?> ours) {
    if (!text.skip("ARRAY[")) {
      return ours.isEmpty();
    }
    byte[] bytes = text.hexBytes();
    List<Long> theirs = new ArrayList<>();
    int size = field.elementSize();
    for (int i = 0; i + size <= bytes.length; i += size) {
      theirs.add(integer(bytes, i, size, field.kind() == FieldKind.SIGNED_ARRAY));
    }
    return theirs.equals(longs(ours, field));
  }

  private static List<Long> longs(List<?> values, Field field) {
    return values.stream()
        .map(value ->
            value instanceof Integer number && field.kind() == FieldKind.UNSIGNED_ARRAY
                ? Integer.toUnsignedLong(number)
                : ((Number) value).longValue())
        .toList();
  }

  private boolean bitmask(GoldenText text, List<?> ours) {
    if (!text.skip("ARRAY[")) {
      return ours.isEmpty();
    }
    byte[] bytes = text.hexBytes();
    int word = target.wordSize().bytes();
    List<Long> theirs = new ArrayList<>();
    for (int i = 0; i + word <= bytes.length; i += word) {
      long value = integer(bytes, i, word, false);
      int bit = i * 8 % 64;
      if (bit == 0) {
        theirs.add(value);
      } else {
        theirs.add(theirs.removeLast() | value << bit);
      }
    }
    return theirs.equals(ours);
  }

  private long integer(byte[] bytes, int from, int size, boolean signed) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      int at = target.byteOrder() == ByteOrder.BIG_ENDIAN ? from + i : from + size - 1 - i;
      value = value << 8 | (bytes[at] & 0xff);
    }
    int unused = 64 - 8 * size;
    return signed ? value << unused >> unused : value;
  }
}
