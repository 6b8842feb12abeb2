package dev.tracery.client.decode;

import dev.tracery.decode.FieldReader;
import dev.tracery.translator.Utf8;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A field of text: up to the first NUL, what is not UTF-8 replaced by U+FFFD.
public final class TextField extends EventField {

  private static final VarHandle WORD =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long ONES = 0x0101010101010101L;
  private static final long HIGH_BITS = 0x8080808080808080L;

  TextField(FieldAbout about) {
    super(about);
  }

  /// The text of a record; empty if it has none.
  public String get(byte[] record) {
    return get(record, 0, record.length);
  }

  /// The text of a record; empty if it has none.
  ///
  /// @param bytes holds the record, among others
  /// @param offset where it begins, at its `common_type`
  /// @param length how many bytes it has
  /// @throws IndexOutOfBoundsException if that is not within `bytes`
  public String get(byte[] bytes, int offset, int length) {
    long range = find(bytes, offset, length);
    if (range == FieldReader.NO_VALUE) {
      return "";
    }
    int from = FieldReader.from(range);
    int to = FieldReader.to(range);
    int ascii = asciiLength(bytes, from, to);
    return from + ascii == to || bytes[from + ascii] == 0
        ? new String(bytes, from, ascii, StandardCharsets.ISO_8859_1)
        : other(bytes, from, to);
  }

  /// How many bytes before the first that is NUL or not ASCII; all if there is none.
  private static int asciiLength(byte[] bytes, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long word = (long) WORD.get(bytes, at);
      // The lowest bit that is set is that of the first byte which is 0 or has its high bit.
      long found = ((word - ONES) | word) & HIGH_BITS;
      if (found != 0) {
        return at - from + (Long.numberOfTrailingZeros(found) >>> 3);
      }
    }
    while (at < to && bytes[at] > 0) {
      at++;
    }
    return at - from;
  }

  private static String other(byte[] bytes, int from, int to) {
    int end = from + Utf8.lengthToNul(bytes, from, to);
    // Why not Java's decoder alone: it replaces surrogates by rules of its own.
    byte[] valid = new byte[Utf8.validLength(bytes, from, end)];
    Utf8.copy(bytes, from, end, valid, 0);
    return new String(valid, StandardCharsets.UTF_8);
  }

  @Override
  String kind() {
    return "text";
  }
}
