package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;

/// The texts that the kernel makes of memory: in helpers, and in `%p` with its extensions.
public final class Texts {

  private static final int MAX_BITS = 1 << 20;

  private Texts() {}

  /// `%*pb`: 32 bits at a time in hexadecimal, the highest first (lib/vsprintf.c, bitmap_string).
  ///
  /// @param word the kernel's word size, which the bits come in
  public static void bitmap(Frame frame, long address, int bits, int word, TextBuffer out) {
    checkBits(bits);
    int chunk = bits % 32 == 0 ? 32 : bits % 32;
    for (int i = (bits + 31) / 32 * 32 - 32; i >= 0; i -= 32) {
      long value = frame.load(address + i / (8 * word) * word, word) >>> i % (8 * word);
      out.hex(chunk == 32 ? value : value & (1L << chunk) - 1, (chunk + 3) / 4);
      if (i != 0) {
        out.put(',');
      }
      chunk = 32;
    }
  }

  /// `%*pbl`: `1,3,5-7` (lib/vsprintf.c, bitmap_list_string).
  public static void bitmapList(Frame frame, long address, int bits, int word, TextBuffer out) {
    checkBits(bits);
    boolean first = true;
    for (int i = 0; i < bits; i++) {
      if (!bit(frame, address, i, word)) {
        continue;
      }
      int end = i;
      while (end + 1 < bits && bit(frame, address, end + 1, word)) {
        end++;
      }
      if (!first) {
        out.put(',');
      }
      first = false;
      out.unsigned(i);
      if (end > i) {
        out.put('-');
        out.unsigned(end);
      }
      i = end;
    }
  }

  private static void checkBits(int bits) {
    if (bits > MAX_BITS) {
      throw new NotEvaluable("a bitmap that is too long");
    }
  }

  private static boolean bit(Frame frame, long address, int index, int word) {
    long value = frame.load(address + index / (8 * word) * word, word);
    return (value >>> index % (8 * word) & 1) != 0;
  }

  /// `%*ph`: bytes in hexadecimal.
  ///
  /// @param separator what is between two; -1 for nothing
  public static void hex(Frame frame, long address, int count, int separator, TextBuffer out) {
    if (count <= 0) {
      return;
    }
    byte[] from = frame.array(address);
    int at = frame.position(address, count);
    for (int i = 0; i < count; i++) {
      if (i != 0 && separator >= 0) {
        out.put(separator);
      }
      out.hex(from[at + i], 2);
    }
  }

  /// trace_print_array_seq (kernel/trace/trace_output.c).
  ///
  /// @param bytes how many, a multiple of `size`
  static void array(Frame frame, long address, long bytes, long size, TextBuffer out) {
    out.put('{');
    if (bytes > 0) {
      frame.array(address);
      frame.position(address, bytes);
      if (size == 1 || size == 2 || size == 4 || size == 8) {
        for (long at = 0; at < bytes; at += size) {
          if (at != 0) {
            out.put(',');
          }
          SymbolText.number(frame.load(address + at, (int) size), out);
        }
      } else {
        badSize(frame, address, bytes, size, out);
      }
    }
    out.put('}');
  }

  /// The kernel complains at the first element and goes on with bytes.
  private static void badSize(Frame frame, long address, long bytes, long size, TextBuffer out) {
    out.put("BAD SIZE:");
    out.unsigned(size);
    out.put(' ');
    SymbolText.number(frame.load(address, 1), out);
    for (long at = 1; at < bytes; at++) {
      out.put(',');
      SymbolText.number(frame.load(address + at, 1), out);
    }
  }

  /// A stack, one address a line, up to the first zero (kernel/trace/trace_events_synth.c,
  /// print_synth_event).
  static void stack(Frame frame, long address, int bytes, int word, TextBuffer out) {
    for (int at = 0; at + word <= bytes; at += word) {
      long entry = frame.load(address + at, word);
      if (entry == 0) {
        break;
      }
      out.put("=> ");
      Symbols.write(frame, entry, true, 0, out);
      out.put('\n');
    }
  }
}
