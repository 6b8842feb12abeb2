package dev.tracery.store.sqlite;

import dev.tracery.store.StoreException;
import dev.tracery.store.StoreException.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Reads whose a file is, without SQLite, from the first 100 bytes
/// (<https://sqlite.org/fileformat2.html#the_database_header>).
final class FileHeader {

  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
  private static final int SIZE = 100;
  private static final int USER_VERSION = 60;
  private static final int APPLICATION_ID = 68;

  private FileHeader() {}

  /// @throws StoreException if the file is not a store's, or a newer program's
  static void check(Path file) throws IOException {
    byte[] header;
    try (InputStream in = Files.newInputStream(file)) {
      header = in.readNBytes(SIZE);
    } catch (AccessDeniedException e) {
      throw new StoreException(
          Reason.UNUSABLE, file + " may not be read: allow this user to read and write it", e);
    }
    if (header.length < SIZE
        || !ByteBuffer.wrap(header, 0, MAGIC.length).equals(ByteBuffer.wrap(MAGIC))
        || ByteBuffer.wrap(header).getInt(APPLICATION_ID) != Schema.APPLICATION_ID) {
      throw new StoreException(
          Reason.UNUSABLE, file + " is not a registry's file, and was left as it is: name another");
    }
    checkVersion(file, ByteBuffer.wrap(header).getInt(USER_VERSION));
  }

  /// @throws StoreException if this program cannot read or bring up such a file
  static void checkVersion(Path file, int version) {
    if (version > Schema.VERSION) {
      throw new StoreException(
          Reason.UNUSABLE,
          "%s was written by a newer registry (format %d, this one knows %d): update this program"
              .formatted(file, version, Schema.VERSION));
    }
    if (version < 1) {
      throw SqliteFailure.corrupt(
          file, "expected format 1 to %d but found %d".formatted(Schema.VERSION, version));
    }
  }
}
