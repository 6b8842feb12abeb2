package dev.tracery.fault;

import com.google.protobuf.ByteString;
import dev.tracery.model.Sha256;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Record;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One commit of a server's export, read without the registry's own reader, so that it can witness
/// against it.
///
/// @param entries the content as it is stored
/// @param blobs those that the commit is the first to speak of
record LoggedCommit(
    long revision, long timeMillis, ByteString entries, Commit content, Map<Sha256, byte[]> blobs) {

  private static final int MAGIC_BYTES = 16;

  /// All commits of an export.
  static List<LoggedCommit> readAll(byte[] export) {
    List<LoggedCommit> commits = new ArrayList<>();
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(export))) {
      in.skipNBytes(MAGIC_BYTES);
      Map<Sha256, byte[]> blobs = new HashMap<>();
      while (in.available() > 0) {
        int length = in.readInt();
        in.readInt(); // the checksum, which importing looks at
        Record record = Record.parseFrom(in.readNBytes(length));
        if (record.hasBlob()) {
          byte[] blob = record.getBlob().toByteArray();
          blobs.put(Sha256.of(blob), blob);
        } else if (record.hasCommit()) {
          var commit = record.getCommit();
          commits.add(
              new LoggedCommit(
                  commit.getRevision(),
                  commit.getTimeMillis(),
                  commit.getEntries(),
                  Commit.parseFrom(commit.getEntries()),
                  blobs));
          blobs = new HashMap<>();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return commits;
  }

  /// What it says.
  List<String> facts() {
    return content.getEntriesList().stream().flatMap(entry -> Facts.of(entry).stream()).toList();
  }
}
