package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;
import dev.tracery.render.evaluate.Texts;
import org.jspecify.annotations.Nullable;

/// The extensions of `%p` that print the memory that is pointed to (lib/vsprintf.c, Linux 6.12).
interface MemoryText {

  /// Appends what the kernel prints.
  ///
  /// @param width the conversion's; some extensions take it for a length
  void append(Frame frame, long address, int width, TextBuffer out);

  /// Whether the width is a length.
  default boolean usesWidth() {
    return false;
  }

  /// @param extension its letters, one at least
  /// @param word the kernel's word size
  /// @param pointeeSize how large what is pointed to is; -1 if that is not known
  /// @return null if the kernel has no such extension, or it needs more than memory
  static @Nullable MemoryText of(String extension, int word, int pointeeSize) {
    char second = extension.length() > 1 ? extension.charAt(1) : 0;
    return switch (extension.charAt(0)) {
      case 'M', 'm' -> mac(extension);
      case 'I', 'i' ->
          switch (second) {
            case '4', '6', 'S' -> NetworkText.of(extension);
            default -> null;
          };
      case 'U' -> uuid(second);
      case 'h' -> sized((frame, address, width, out) -> hex(frame, address, width, second, out));
      case 'b' ->
          sized(
              second == 'l'
                  ? (frame, address, width, out) ->
                      Texts.bitmapList(frame, address, Math.max(width, 0), word, out)
                  : (frame, address, width, out) ->
                      Texts.bitmap(frame, address, Math.max(width, 0), word, out));
      case 'a' -> address(pointeeSize);
      case 'N' -> second == 'F' ? address(8) : null;
      case '4' -> extension.startsWith("4cc") ? fourCc() : null;
      case 't' -> TimeText.of(extension);
      case 'E' -> sized(EscapedText.of(extension));
      default -> null;
    };
  }

  private static MemoryText sized(MemoryText text) {
    return new MemoryText() {
      @Override
      public void append(Frame frame, long address, int width, TextBuffer out) {
        text.append(frame, address, width, out);
      }

      @Override
      public boolean usesWidth() {
        return true;
      }
    };
  }

  /// hex_string: at most 64 bytes; one where no width is given.
  private static void hex(Frame frame, long address, int width, char kind, TextBuffer out) {
    int separator =
        switch (kind) {
          case 'C' -> ':';
          case 'D' -> '-';
          case 'N' -> -1;
          default -> ' ';
        };
    Texts.hex(frame, address, width < 0 ? 1 : Math.min(width, 64), separator, out);
  }

  private static MemoryText mac(String extension) {
    boolean plain = extension.charAt(0) == 'm';
    boolean reversed = extension.indexOf('R') == 1;
    int separator = plain ? -1 : extension.startsWith("MF") ? '-' : ':';
    return (frame, address, _, out) -> {
      if (!reversed) {
        Texts.hex(frame, address, 6, separator, out);
        return;
      }
      for (int i = 5; i >= 0; i--) {
        out.hex(frame.load(address + i, 1), 2);
        if (i != 0 && separator >= 0) {
          out.put(separator);
        }
      }
    };
  }

  private static MemoryText uuid(char kind) {
    boolean little = kind == 'l' || kind == 'L';
    boolean upper = kind == 'B' || kind == 'L';
    int[] order =
        little
            ? new int[] {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15}
            : new int[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    return (frame, address, _, out) -> {
      byte[] from = frame.array(address);
      int at = frame.position(address, 16);
      int start = out.length();
      for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10) {
          out.put('-');
        }
        out.hex(from[at + order[i]], 2);
      }
      byte[] text = out.array();
      for (int i = start; upper && i < out.length(); i++) {
        text[i] = (byte) Character.toUpperCase(text[i]);
      }
    };
  }

  /// `%pad`, `%pap`, `%pNF`: a number of a known size with all its digits.
  private static @Nullable MemoryText address(int size) {
    if (size != 4 && size != 8) {
      return null;
    }
    return (frame, address, _, out) -> {
      out.put('0');
      out.put('x');
      out.hex(frame.load(address, size), 2 * size);
    };
  }

  /// `%p4cc`: `BG12 little-endian (0x32314742)`.
  private static MemoryText fourCc() {
    return (frame, address, _, out) -> {
      long code = frame.load(address, 4);
      for (int i = 0; i < 4; i++) {
        int c = (int) ((code & 0x7fffffff) >>> 8 * i) & 0xff;
        out.put(c >= 0x20 && c < 0x7f ? c : '.');
      }
      out.put(code >>> 31 != 0 ? " big-endian (0x" : " little-endian (0x");
      out.hex(code, 8);
      out.put(')');
    };
  }

  /// Refuses what would make a text of no sensible length.
  static void checkLength(int length) {
    if (length > 1 << 15) {
      throw new NotEvaluable("a text that is too long");
    }
  }
}
