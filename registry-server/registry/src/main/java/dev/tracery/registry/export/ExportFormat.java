package dev.tracery.registry.export;

import java.nio.charset.StandardCharsets;

/// What every export begins with.
final class ExportFormat {

  private static final String NAME = "tracery-export ";

  /// Name and version of the format.
  private static final String MAGIC = NAME + "1";

  private ExportFormat() {}

  static byte[] magic() {
    return MAGIC.getBytes(StandardCharsets.US_ASCII);
  }

  /// Whether these are the first bytes of an export of another version.
  static boolean isOtherVersion(byte[] magic) {
    return new String(magic, StandardCharsets.ISO_8859_1).startsWith(NAME);
  }
}
