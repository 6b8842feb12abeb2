package dev.tracery.render;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The symbols of a `/proc/kallsyms`: `ADDRESS TYPE NAME` and, behind a tab, `[MODULE]`. Of several
/// symbols at one address the first in the file counts, as in the kernel (kernel/kallsyms.c,
/// get_symbol_pos). Thread-safe.
final class Kallsyms implements KernelSymbols {

  /// What the symbols of x86's per-CPU offsets have for a type: small numbers, no addresses.
  private static final byte ABSOLUTE = 'a';

  private final byte[] text;
  private final long[] addresses;
  private final int[] nameStarts;
  private final byte[] @Nullable [] names;
  private final int count;

  /// Reads a whole file. Lines that are no symbols are left out.
  ///
  /// @param text is kept, and not to be changed
  Kallsyms(byte[] text) {
    this.text = text;
    long[] found = new long[text.length / 24 + 16];
    int[] starts = new int[found.length];
    int lines = 0;
    for (int at = 0; at < text.length; ) {
      int end = TableText.lineEnd(text, at);
      int digits = TableText.hexEnd(text, at, end);
      // Why 4: a blank, the type's letter, a blank, and a name of one letter at least.
      if (digits > at
          && digits + 4 <= end
          && (text[digits + 1] | 0x20) != ABSOLUTE
          && !isMapping(text, digits + 3, end)) {
        if (lines == found.length) {
          found = Arrays.copyOf(found, lines * 2);
          starts = Arrays.copyOf(starts, lines * 2);
        }
        found[lines] = TableText.hex(text, at, digits);
        starts[lines++] = digits + 3;
      }
      at = end + 1;
    }
    int[] order = AddressOrder.of(found, lines);
    this.addresses = new long[lines];
    this.nameStarts = new int[lines];
    int kept = 0;
    for (int index : order) {
      if (kept == 0 || found[index] != addresses[kept - 1]) {
        addresses[kept] = found[index];
        nameStarts[kept++] = starts[index];
      }
    }
    this.count = kept;
    this.names = new byte[kept][];
  }

  /// Whether it only tells disassemblers what follows: `$a`, `$d.4`. The kernel passes over such
  /// symbols of modules (include/linux/module_symbol.h, is_mapping_symbol).
  private static boolean isMapping(byte[] text, int name, int end) {
    return text[name] == '$' && name + 1 < end && "adtx".indexOf(text[name + 1]) >= 0;
  }

  @Override
  public int count() {
    return count;
  }

  @Override
  public int find(long address) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (Long.compareUnsigned(addresses[middle], address) <= 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high;
  }

  @Override
  public byte[] name(int index) {
    byte[] name = names[index];
    if (name == null) {
      // Why no lock: two threads make equal names, and either may stay.
      name =
          Arrays.copyOfRange(text, nameStarts[index], TableText.lineEnd(text, nameStarts[index]));
      for (int i = 0; i < name.length; i++) {
        name[i] = name[i] == '\t' ? (byte) ' ' : name[i];
      }
      names[index] = name;
    }
    return name;
  }

  @Override
  public long address(int index) {
    return addresses[index];
  }

  @Override
  public String toString() {
    return count + " symbols";
  }
}
