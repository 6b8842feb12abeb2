package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.ByteOrder;
import java.io.IOException;

/// The head that `trace.dat` and the tracing data of `perf.data` share: magic, version, byte order,
/// sizes.
final class TracingHeader {

  private static final byte[] MAGIC = {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g'};
  private static final int MAX_VERSION = 32;

  private TracingHeader() {}

  /// Whether bytes begin as a `trace.dat`.
  static boolean matches(byte[] head) {
    if (head.length < MAGIC.length) {
      return false;
    }
    for (int i = 0; i < MAGIC.length; i++) {
      if (head[i] != MAGIC[i]) {
        return false;
      }
    }
    return true;
  }

  /// Reads up to the page size, sets the cursor's byte order and tells the facts.
  ///
  /// @return the version, as the file spells it
  static String read(BinaryCursor cursor, InputCollector out) throws IOException {
    if (!cursor.skipIf(MAGIC)) {
      throw cursor.damaged(
          cursor.left() < MAGIC.length ? InputCode.INPUT_TRUNCATED : InputCode.VALUE_INVALID,
          "expected the bytes 17 08 44 and the word tracing");
    }
    String version = cursor.cString("the version", MAX_VERSION);
    SourceLocation orderAt = cursor.here();
    int order = cursor.u8("the byte order");
    if (order > 1) {
      throw new DamagedInput(
          InputCode.VALUE_INVALID,
          orderAt,
          "the byte order: expected 0 (little) or 1 (big) but found " + order,
          "");
    }
    cursor.order(order == 0 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
    out.byteOrder(cursor.order(), orderAt);
    // Why: the size of a long of the program that recorded; the kernel's is in header_page.
    cursor.skip("the size of a long", 1);
    SourceLocation pageAt = cursor.here();
    long page = cursor.u32("the page size");
    if (HeaderPage.isPageSize(page)) {
      out.pageSize((int) page, pageAt);
    } else {
      out.report(
          InputCode.VALUE_INVALID,
          pageAt,
          "the page size: expected a power of two from 4096 to 1048576 but found " + page,
          "");
    }
    return version;
  }
}
