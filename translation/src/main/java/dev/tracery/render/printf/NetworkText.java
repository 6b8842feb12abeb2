package dev.tracery.render.printf;

import dev.tracery.render.TextBuffer;
import dev.tracery.render.evaluate.Frame;
import org.jspecify.annotations.Nullable;

/// Internet addresses: `%pI4`, `%pi6`, `%pISpc` and so on (lib/vsprintf.c, ip_addr_string).
final class NetworkText {

  private static final int AF_INET = 2;
  private static final int AF_INET6 = 10;

  private NetworkText() {}

  /// @param extension begins with `I` or `i` and `4`, `6` or `S`
  static @Nullable MemoryText of(String extension) {
    boolean zeros = extension.charAt(0) == 'i';
    String options = extension.substring(2);
    return switch (extension.charAt(1)) {
      case '4' -> {
        char order = options.isEmpty() ? 'n' : options.charAt(0);
        yield (frame, address, _, out) -> ip4(frame, address, zeros, order, out);
      }
      case '6' ->
          zeros || !options.startsWith("c")
              ? (frame, address, _, out) -> ip6(frame, address, !zeros, out)
              : (frame, address, _, out) -> compressed(frame, address, out);
      default -> (frame, address, _, out) -> socketAddress(frame, address, zeros, options, out);
    };
  }

  private static void ip4(Frame frame, long address, boolean zeros, char order, TextBuffer out) {
    byte[] from = frame.array(address);
    int at = frame.position(address, 4);
    boolean reversed = order == 'l' || order == 'h' && frame.isLittle();
    for (int i = 0; i < 4; i++) {
      if (i != 0) {
        out.put('.');
      }
      out.decimal(from[at + (reversed ? 3 - i : i)] & 0xff, zeros ? 3 : 1);
    }
  }

  private static void ip6(Frame frame, long address, boolean colons, TextBuffer out) {
    byte[] from = frame.array(address);
    int at = frame.position(address, 16);
    for (int i = 0; i < 16; i++) {
      if (colons && i != 0 && i % 2 == 0) {
        out.put(':');
      }
      out.hex(from[at + i], 2);
    }
  }

  /// ip6_compressed_string: the first of the longest runs of zeros is left out; addresses that hold
  /// one of version 4 end in it.
  private static void compressed(Frame frame, long address, TextBuffer out) {
    byte[] from = frame.array(address);
    int at = frame.position(address, 16);
    int[] words = new int[8];
    for (int i = 0; i < 8; i++) {
      words[i] = (from[at + 2 * i] & 0xff) << 8 | from[at + 2 * i + 1] & 0xff;
    }
    boolean mapped =
        (words[0] | words[1] | words[2] | words[3] | words[4]) == 0 && words[5] == 0xffff;
    boolean isatap = (words[4] | 0x0200) == 0x0200 && words[5] == 0x5efe;
    int range = mapped || isatap ? 6 : 8;
    int longest = 1;
    int gap = -1;
    for (int i = 0; i < range; i++) {
      int run = 0;
      while (i + run < range && words[i + run] == 0) {
        run++;
      }
      if (run > longest) {
        longest = run;
        gap = i;
      }
    }
    boolean colon = false;
    for (int i = 0; i < range; i++) {
      if (i == gap) {
        out.put(colon || i == 0 ? "::" : ":");
        colon = false;
        i += longest - 1;
        continue;
      }
      if (colon) {
        out.put(':');
      }
      out.hex(words[i]);
      colon = true;
    }
    if (range == 6) {
      if (colon) {
        out.put(':');
      }
      ip4(frame, address + 12, false, 'n', out);
    }
  }

  private static void socketAddress(
      Frame frame, long address, boolean zeros, String options, TextBuffer out) {
    boolean port = options.indexOf('p') >= 0;
    switch ((int) frame.load(address, 2)) {
      case AF_INET -> {
        char order = 'n';
        for (char c : options.toCharArray()) {
          order = "hlnb".indexOf(c) >= 0 ? c : order;
        }
        ip4(frame, address + 4, zeros, order, out);
        if (port) {
          port(frame, address, out);
        }
      }
      case AF_INET6 -> {
        boolean scope = options.indexOf('s') >= 0;
        boolean flow = options.indexOf('f') >= 0;
        boolean brackets = port || scope || flow;
        if (brackets) {
          out.put('[');
        }
        if (!zeros && options.indexOf('c') >= 0) {
          compressed(frame, address + 8, out);
        } else {
          ip6(frame, address + 8, !zeros, out);
        }
        if (brackets) {
          out.put(']');
        }
        if (port) {
          port(frame, address, out);
        }
        if (flow) {
          out.put('/');
          out.unsigned(bigEndian(frame, address + 4, 4) & 0x0fffffff);
        }
        if (scope) {
          out.put('%');
          out.unsigned(frame.load(address + 24, 4));
        }
      }
      default -> out.put("(einval)");
    }
  }

  private static void port(Frame frame, long address, TextBuffer out) {
    out.put(':');
    out.unsigned(bigEndian(frame, address + 2, 2));
  }

  private static long bigEndian(Frame frame, long address, int size) {
    long value = 0;
    for (int i = 0; i < size; i++) {
      value = value << 8 | frame.load(address + i, 1);
    }
    return value;
  }
}
