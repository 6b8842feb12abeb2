package dev.tracery.translator;

/// Text of the kernel's as valid UTF-8. Not part of what people write against: generated
/// translators call it.
///
/// What is malformed becomes U+FFFD as the Unicode Standard recommends (version 16, section 3.9,
/// "U+FFFD Substitution of Maximal Subparts") and as the decoders of the web, Python and Rust do:
/// one for each longest start of a well-formed sequence, one for each other byte. Java's own
/// decoder differs on surrogates: one for three bytes.
public final class Utf8 {

  /// How many bytes a byte of input can become: U+FFFD has three.
  public static final int MAX_GROWTH = 3;

  private Utf8() {}

  /// How many bytes before the first NUL; all of them if there is none.
  public static int lengthToNul(byte[] bytes, int from, int to) {
    for (int at = from; at < to; at++) {
      if (bytes[at] == 0) {
        return at - from;
      }
    }
    return to - from;
  }

  /// How many bytes [#copy] writes.
  public static int validLength(byte[] bytes, int from, int to) {
    int length = 0;
    for (int at = from; at < to; ) {
      int sequence = bytes[at] >= 0 ? 1 : sequence(bytes, at, to);
      length += sequence > 0 ? sequence : MAX_GROWTH;
      at += Math.abs(sequence);
    }
    return length;
  }

  /// Writes the text, each malformed sequence replaced.
  ///
  /// @return where it ends
  public static int copy(byte[] bytes, int from, int to, byte[] out, int position) {
    int put = position;
    for (int at = from; at < to; ) {
      int sequence = bytes[at] >= 0 ? 1 : sequence(bytes, at, to);
      if (sequence > 0) {
        for (int i = 0; i < sequence; i++) {
          out[put++] = bytes[at + i];
        }
        at += sequence;
      } else {
        out[put++] = (byte) 0xef;
        out[put++] = (byte) 0xbf;
        out[put++] = (byte) 0xbd;
        at -= sequence;
      }
    }
    return put;
  }

  /// The length of the well-formed sequence that begins with a byte from 0x80 on; negative: of the
  /// malformed one. Table 3-7 of the Unicode Standard.
  private static int sequence(byte[] bytes, int at, int to) {
    int lead = bytes[at] & 0xff;
    int length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : 4;
    if (lead < 0xc2 || lead > 0xf4) {
      return -1;
    }
    int lowest = lead == 0xe0 ? 0xa0 : lead == 0xf0 ? 0x90 : 0x80;
    int highest = lead == 0xed ? 0x9f : lead == 0xf4 ? 0x8f : 0xbf;
    for (int i = 1; i < length; i++) {
      int next = at + i < to ? bytes[at + i] & 0xff : 0;
      if (next < lowest || next > highest) {
        return -i;
      }
      lowest = 0x80;
      highest = 0xbf;
    }
    return length;
  }
}
