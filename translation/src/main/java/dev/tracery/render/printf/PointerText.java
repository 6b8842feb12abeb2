package dev.tracery.render.printf;

import dev.tracery.model.WordSize;
import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import dev.tracery.render.evaluate.NotEvaluable;
import dev.tracery.render.evaluate.Symbols;
import org.jspecify.annotations.Nullable;

/// `%p` with its extensions (lib/vsprintf.c, pointer(), Linux 6.12).
interface PointerText {

  /// Appends what the kernel prints of an address.
  void append(Frame frame, long address, Style style, TextBuffer out);

  /// Whether blanks bring it to the width.
  default boolean isPadded() {
    return true;
  }

  /// Width and flags.
  ///
  /// @param width -1 for none
  record Style(int width, Conversion.Flags flags) {

    Style withWidth(int width, boolean left) {
      return new Style(width, left ? flags.leftToo() : flags);
    }
  }

  /// @param extension the letters after `%p`
  /// @param pointeeSize how large what is pointed to is; -1 if that is not known
  /// @return null if the kernel reads memory that the record does not hold
  static @Nullable PointerText of(String extension, WordSize wordSize, int pointeeSize) {
    int word = wordSize.bytes();
    char first = extension.isEmpty() ? 0 : extension.charAt(0);
    return switch (first) {
      case 'S' -> symbol(true, 0);
      // Why f and F: symbols, up to Linux 5.4. Later kernels have %pfw alone.
      case 'f', 'F' ->
          extension.length() > 1 && extension.charAt(1) == 'w' ? null : symbol(first == 'F', 0);
      case 's' -> symbol(false, 0);
      case 'B' -> symbol(true, 1);
      case 'M', 'm', 'I', 'i', 'U', 'h', 'b', 'a', 'N', '4', 't', 'E' ->
          inRecord(MemoryText.of(extension, word, pointeeSize));
      case 'e' -> unpadded((frame, address, style, out) -> error(address, word, style, out));
      case 'R', 'r', 'V', 'd', 'D', 'g', 'G', 'C', 'O', 'u', 'k' -> null;
      default -> unpadded((_, address, style, out) -> plain(address, word, style, out));
    };
  }

  private static PointerText symbol(boolean offset, int back) {
    return (frame, address, _, out) -> Symbols.write(frame, number(address), offset, back, out);
  }

  private static PointerText unpadded(PointerText text) {
    return new PointerText() {
      @Override
      public void append(Frame frame, long address, Style style, TextBuffer out) {
        text.append(frame, address, style, out);
      }

      @Override
      public boolean isPadded() {
        return false;
      }
    };
  }

  private static @Nullable PointerText inRecord(@Nullable MemoryText text) {
    if (text == null) {
      return null;
    }
    PointerText checked =
        (frame, address, style, out) -> {
          // check_pointer() says so of what can be no address.
          if (address == 0) {
            out.put("(null)");
          } else {
            text.append(frame, address, style.width(), out);
          }
        };
    return text.usesWidth() ? unpadded(checked) : checked;
  }

  private static long number(long address) {
    if (!Frame.isKernels(address)) {
      throw new NotEvaluable("the address of the record");
    }
    return address;
  }

  /// An address as `%px` prints it, which is what `%p` is in traces where the option hash-ptr is
  /// off.
  private static void plain(long address, int word, Style style, TextBuffer out) {
    long value = number(address);
    if (style.width() == -1) {
      out.hex(value, 2 * word);
    } else {
      new NumberFormat(style.flags(), 16, false, false).append(value, style.width(), -1, out);
    }
  }

  private static void error(long address, int word, Style style, TextBuffer out) {
    long number = word == 4 ? (int) number(address) : number(address);
    if (number >= 0 || number < -4095) {
      plain(address, word, style, out);
      return;
    }
    byte[] name = ErrorNames.of((int) -number);
    if (name == null) {
      out.decimal(number);
      return;
    }
    int start = out.length();
    out.put('-');
    out.put(name);
    Padding.to(style.width(), style.flags().left(), start, out);
  }
}
