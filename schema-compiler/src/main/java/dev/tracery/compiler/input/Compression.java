package dev.tracery.compiler.input;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// The compressions that inputs come in.
enum Compression {
  GZIP,
  ZSTD,
  ZLIB;

  /// By the first bytes; never [#ZLIB], which only occurs within a `trace.dat`.
  static Optional<Compression> of(byte[] head) {
    if (begins(head, 0x1f, 0x8b)) {
      return Optional.of(GZIP);
    }
    boolean skippable =
        head.length >= 4
            && (head[0] & 0xf0) == 0x50
            && begins(head, head[0] & 0xff, 0x2a, 0x4d, 0x18);
    return skippable || begins(head, 0x28, 0xb5, 0x2f, 0xfd) ? Optional.of(ZSTD) : Optional.empty();
  }

  /// The name of a compression that is known by its first bytes, but not to this reader; empty for
  /// anything else.
  static String unsupported(byte[] head) {
    if (begins(head, 0xfd, '7', 'z', 'X', 'Z', 0)) {
      return "xz";
    }
    if (begins(head, 'B', 'Z', 'h')) {
      return "bzip2";
    }
    if (begins(head, 0x04, 0x22, 0x4d, 0x18)) {
      return "lz4";
    }
    return begins(head, 'P', 'K', 3, 4) ? "zip" : "";
  }

  /// Members and frames one after the other are read as one stream.
  InputStream open(CountedStream in, InputLimits limits) throws IOException {
    return switch (this) {
      case GZIP -> new GZIPInputStream(in, 8192);
      case ZLIB -> new InflaterInputStream(in);
      // Why: create() would load a native library where there is one.
      case ZSTD -> new ZstdInputStream(new ZstdFrameGuard(in, limits.maxZstdWindowBytes()));
    };
  }

  private static boolean begins(byte[] head, int... expected) {
    if (head.length < expected.length) {
      return false;
    }
    for (int i = 0; i < expected.length; i++) {
      if ((head[i] & 0xff) != expected[i]) {
        return false;
      }
    }
    return true;
  }
}
