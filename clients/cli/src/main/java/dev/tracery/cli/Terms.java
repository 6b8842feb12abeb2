package dev.tracery.cli;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.tracery.v1.ByteOrder;
import dev.tracery.v1.WordSize;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Locale;

/// How values of the API are spelled for people.
final class Terms {

  private Terms() {}

  static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  /// In UTC, to the second.
  static String time(Timestamp time) {
    return Instant.ofEpochSecond(time.getSeconds()).toString();
  }

  /// `64-bit little-endian`.
  static String target(WordSize wordSize, ByteOrder byteOrder) {
    String bits =
        switch (wordSize) {
          case WORD_SIZE_32 -> "32-bit ";
          case WORD_SIZE_64 -> "64-bit ";
          case WORD_SIZE_UNSPECIFIED, UNRECOGNIZED -> "";
        };
    return bits
        + switch (byteOrder) {
          case BYTE_ORDER_LITTLE_ENDIAN -> "little-endian";
          case BYTE_ORDER_BIG_ENDIAN -> "big-endian";
          case BYTE_ORDER_UNSPECIFIED, UNRECOGNIZED -> "unknown byte order";
        };
  }

  /// `1 event`, `2 events`.
  static String count(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  /// `512 bytes`, `1.5 MiB`.
  static String size(long bytes) {
    if (bytes < 1024) {
      return count(bytes, "byte");
    }
    double size = bytes;
    int unit = -1;
    do {
      size /= 1024;
      unit++;
    } while (size >= 1024 && unit < 3);
    return String.format(Locale.ROOT, "%.1f %ciB", size, "KMGT".charAt(unit));
  }

  /// Text from a server, without what could steer a terminal.
  static String printable(String text) {
    StringBuilder out = new StringBuilder(text.length());
    text.codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c)) {
            out.append(String.format("\\x%02x", c));
          } else {
            out.appendCodePoint(c);
          }
        });
    return out.toString();
  }
}
