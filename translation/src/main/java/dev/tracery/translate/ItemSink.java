package dev.tracery.translate;

import java.io.IOException;
import java.io.OutputStream;

/// Where the items of a translated trace go.
@FunctionalInterface
public interface ItemSink {

  /// Takes one serialized `TraceItem`.
  ///
  /// @param bytes holds the item only until this returns
  void item(byte[] bytes, int offset, int length) throws IOException;

  /// A sink that writes each item behind its length as a varint, as protobuf's delimited messages
  /// are. It does not close the stream, which needs no buffer.
  static ItemSink delimited(OutputStream out) {
    byte[] head = new byte[10];
    return (bytes, offset, length) -> {
      int size = 0;
      for (int rest = length; ; rest >>>= 7) {
        boolean last = rest <= 0x7f;
        head[size++] = (byte) (last ? rest : rest | 0x80);
        if (last) {
          break;
        }
      }
      out.write(head, 0, size);
      out.write(bytes, offset, length);
    };
  }
}
