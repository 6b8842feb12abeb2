package dev.tracery.render;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The strings of a `printk_formats`: `0xADDRESS : "TEXT"`, in which line feed, tab, quote and
/// backslash are escaped (kernel/trace/trace_printk.c, t_show). Thread-safe.
final class PrintkFormats implements KernelStrings {

  private final long[] addresses;
  private final byte[][] texts;

  /// Reads a whole file. Lines that are no strings are left out; of two at one address the first
  /// counts.
  PrintkFormats(byte[] text) {
    long[] found = new long[64];
    byte[][] strings = new byte[64][];
    int count = 0;
    for (int at = 0; at < text.length; ) {
      int end = TableText.lineEnd(text, at);
      int digits = at + 2 < end && text[at + 1] == 'x' ? at + 2 : at;
      int digitsEnd = TableText.hexEnd(text, digits, end);
      int open = quote(text, digitsEnd, end);
      int close = end - 1;
      while (close > open && text[close] != '"') {
        close--;
      }
      if (digitsEnd > digits && close > open) {
        if (count == found.length) {
          found = Arrays.copyOf(found, count * 2);
          strings = Arrays.copyOf(strings, count * 2);
        }
        found[count] = TableText.hex(text, digits, digitsEnd);
        strings[count++] = CStrings.decode(text, open + 1, close);
      }
      at = end + 1;
    }
    int[] order = AddressOrder.of(found, count);
    this.addresses = new long[count];
    this.texts = new byte[count][];
    for (int i = 0; i < count; i++) {
      addresses[i] = found[order[i]];
      texts[i] = strings[order[i]];
    }
  }

  private static int quote(byte[] text, int from, int end) {
    int at = from;
    while (at < end && text[at] != '"') {
      at++;
    }
    return at;
  }

  @Override
  public byte @Nullable [] at(long address) {
    int low = 0;
    int high = addresses.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return low < addresses.length && addresses[low] == address ? texts[low] : null;
  }
}
