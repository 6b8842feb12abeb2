package dev.tracery.render.evaluate;

import dev.tracery.render.TextBuffer;

/// `__print_hex_dump`: trace_print_hex_dump_seq (kernel/trace/trace_output.c), whose lines are
/// those of seq_buf_hex_dump (lib/seq_buf.c) and hex_dump_to_buffer (lib/hexdump.c).
final class HexDump {

  private static final int PREFIX_ADDRESS = 1;
  private static final int PREFIX_OFFSET = 2;

  private final int row;
  private final int group;
  private final boolean ascii;

  HexDump(int row, int group, boolean ascii) {
    this.row = row == 32 ? 32 : 16;
    this.group = group;
    this.ascii = ascii;
  }

  /// @param prefix the text before each line
  /// @param type what comes after it: an address, an offset, or nothing
  void write(Frame frame, Node prefix, int type, long address, long length, TextBuffer out) {
    out.put('\n');
    if (length <= 0) {
      return;
    }
    byte[] from = frame.array(address);
    int at = frame.position(address, length);
    for (int done = 0; done < length; done += row) {
      if (type == PREFIX_ADDRESS) {
        throw new NotEvaluable("the address of the record");
      }
      prefix.write(frame, out);
      if (type == PREFIX_OFFSET) {
        out.hex(done, 8);
        out.put(": ");
      }
      line(frame, address + done, from, at + done, (int) Math.min(row, length - done), out);
      out.put('\n');
    }
  }

  private void line(Frame frame, long address, byte[] from, int at, int count, TextBuffer out) {
    int start = out.length();
    boolean grouped = (group == 2 || group == 4 || group == 8) && count % group == 0;
    int size = grouped ? group : 1;
    for (int i = 0; i < count; i += size) {
      if (i != 0) {
        out.put(' ');
      }
      out.hex(size == 1 ? from[at + i] : frame.load(address + i, size), 2 * size);
    }
    if (!ascii) {
      return;
    }
    int column = row * 2 + row / size + 1;
    out.repeat(' ', column - (out.length() - start));
    for (int i = 0; i < count; i++) {
      int c = from[at + i] & 0xff;
      out.put(c >= 0x20 && c < 0x7f ? c : '.');
    }
  }
}
