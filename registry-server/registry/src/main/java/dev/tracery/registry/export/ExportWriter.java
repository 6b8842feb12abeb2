package dev.tracery.registry.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.ExportHeader;
import dev.tracery.registry.log.ExportTrailer;
import dev.tracery.registry.log.ExportedCommit;
import dev.tracery.registry.log.Record;
import dev.tracery.store.Store;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;

/// Writes the log up to a revision and its blobs. One object writes one export.
public final class ExportWriter {

  // Why: a commit can take some MiB.
  private static final int COMMITS_AT_ONCE = 8;

  private final Store store;
  private final OutputStream out;
  private final MessageDigest digest = Sha256.digest();
  private final Set<Sha256> written = new HashSet<>();

  public ExportWriter(Store store, OutputStream out) {
    this.store = store;
    this.out = out;
  }

  /// Writes everything up to `revision`.
  ///
  /// @throws RegistryException DATA_LOSS if the store has lost something
  public void write(long revision) throws IOException {
    bytes(ExportFormat.magic());
    record(Record.newBuilder().setHeader(ExportHeader.newBuilder().setRevision(revision)));
    long done = 0;
    while (done < revision) {
      List<Store.Commit> commits =
          store.read(done, (int) Math.min(COMMITS_AT_ONCE, revision - done));
      if (commits.isEmpty()) {
        throw lost("revision " + (done + 1), "the log ends before revision " + (done + 1));
      }
      for (Store.Commit commit : commits) {
        write(commit);
        done = commit.revision();
      }
    }
    record(
        Record.newBuilder()
            .setTrailer(
                ExportTrailer.newBuilder()
                    .setCommits(revision)
                    .setBlobs(written.size())
                    .setSha256(ByteString.copyFrom(digest.digest()))));
    out.flush();
  }

  private void write(Store.Commit commit) throws IOException {
    for (Entry entry : Commit.parseFrom(commit.entries()).getEntriesList()) {
      if (entry.hasLayoutAdded()) {
        writeBlob(entry.getLayoutAdded().getHash(), "layout");
      } else if (entry.hasTranslatorInstalled()) {
        writeBlob(entry.getTranslatorInstalled().getJarHash(), "jar");
      }
    }
    record(
        Record.newBuilder()
            .setCommit(
                ExportedCommit.newBuilder()
                    .setRevision(commit.revision())
                    .setTimeMillis(commit.timeMillis())
                    .setEntries(UnsafeByteOperations.unsafeWrap(commit.entries()))));
  }

  private void writeBlob(ByteString bytes, String what) throws IOException {
    Sha256 hash = Sha256.ofBytes(bytes.toByteArray());
    if (written.add(hash)) {
      byte[] blob =
          store
              .blob(hash)
              .orElseThrow(() -> lost(hash.hex(), "the store has lost the " + what + " " + hash));
      record(Record.newBuilder().setBlob(UnsafeByteOperations.unsafeWrap(blob)));
    }
  }

  private void record(Record.Builder record) throws IOException {
    byte[] payload = record.build().toByteArray();
    CRC32C crc = new CRC32C();
    crc.update(payload);
    bytes(ByteBuffer.allocate(8).putInt(payload.length).putInt((int) crc.getValue()).array());
    bytes(payload);
  }

  private void bytes(byte[] bytes) throws IOException {
    digest.update(bytes);
    out.write(bytes);
  }

  private static RegistryException lost(String subject, String message) {
    return new RegistryException(RegistryException.Code.DATA_LOSS, subject, message);
  }
}
