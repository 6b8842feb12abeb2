package dev.tracery.registry.export;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.Sha256;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.CommitReader;
import dev.tracery.registry.index.Delta;
import dev.tracery.registry.index.Index;
import dev.tracery.registry.index.LayoutEntry;
import dev.tracery.registry.index.SchemaCodec;
import dev.tracery.registry.log.ExportTrailer;
import dev.tracery.registry.log.ExportedCommit;
import dev.tracery.registry.log.Record;
import dev.tracery.store.Store;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Reads an export commit by commit, and folds each into an index of its own: what this has given
/// out fits. The last commit is given out before the trailer has been seen; [#hasNext] throws if
/// there is none or it does not agree. So whoever takes the commits as one atomic step has them all
/// or none.
///
/// Throws [RegistryException] DATA_LOSS that names the byte at which the export is damaged, and
/// [UncheckedIOException] where the input cannot be read.
public final class ExportReader implements Iterator<Store.PendingCommit> {

  private final InputStream in;
  private final int maxRecordBytes;
  private final Index index = new Index();
  private final MessageDigest digest = Sha256.digest();
  private final long revision;
  private long offset;
  private long recordStart;
  private long blobs;
  private long lastTime;
  private boolean finished;

  /// Reads the head of an export.
  ///
  /// @param maxRecordBytes the longest record that is accepted, and the most that the blobs of one
  ///   revision may have together
  public ExportReader(InputStream in, int maxRecordBytes) {
    this.in = in;
    this.maxRecordBytes = maxRecordBytes;
    byte[] expected = ExportFormat.magic();
    byte[] magic = bytes(expected.length, "the name of the format");
    if (!Arrays.equals(magic, expected)) {
      throw damaged(
          0,
          ExportFormat.isOtherVersion(magic)
              ? "it is an export of another version of the format; use the program that wrote it, or"
                  + " a newer one"
              : "this is no export of a registry");
    }
    Record first = record();
    if (!first.hasHeader()) {
      throw damaged(recordStart, "expected the header but found another record");
    }
    this.revision = first.getHeader().getRevision();
  }

  /// The index of what has been given out.
  public Index index() {
    return index;
  }

  @Override
  public boolean hasNext() {
    if (!finished && index.head().revision() == revision) {
      trailer();
      finished = true;
    }
    return !finished;
  }

  @Override
  public Store.PendingCommit next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Map<Sha256, byte[]> content = new HashMap<>();
    long held = 0;
    while (true) {
      Record record = record();
      switch (record.getRecordCase()) {
        case BLOB -> {
          byte[] blob = record.getBlob().toByteArray();
          held += blob.length;
          if (held > maxRecordBytes) {
            throw tooLarge("the blobs of a revision have", held);
          }
          content.put(Sha256.of(blob), blob);
        }
        case COMMIT -> {
          return commit(record.getCommit(), content);
        }
        case TRAILER ->
            throw damaged(
                recordStart,
                "expected revision " + (index.head().revision() + 1) + " but found the trailer");
        case HEADER, RECORD_NOT_SET ->
            throw damaged(recordStart, "expected a blob or a commit but found another record");
      }
    }
  }

  private Store.PendingCommit commit(ExportedCommit commit, Map<Sha256, byte[]> content) {
    if (commit.getTimeMillis() < lastTime) {
      throw damaged(
          recordStart,
          String.format(
              "expected revision %d at %d milliseconds since 1970 or later but found %d",
              commit.getRevision(), lastTime, commit.getTimeMillis()));
    }
    lastTime = commit.getTimeMillis();
    byte[] entries = commit.getEntries().toByteArray();
    Delta delta;
    try {
      delta =
          CommitReader.verify(
              index, new Store.Commit(commit.getRevision(), commit.getTimeMillis(), entries));
      delta.versions().forEach(SchemaCodec::read);
    } catch (RegistryException e) {
      throw damaged(recordStart, String.valueOf(e.getMessage()));
    }
    int used = 0;
    Set<Sha256> seen = new HashSet<>();
    for (LayoutEntry layout : delta.layouts()) {
      if (!index.knowsLayout(layout.hash(), Long.MAX_VALUE) && seen.add(layout.hash())) {
        checkForm(needed(commit, content, "layout", layout.hash()));
        used++;
      }
    }
    for (Sha256 jar : index.translators().newJars(delta.translators())) {
      if (seen.add(jar)) {
        needed(commit, content, "jar", jar);
        used++;
      }
    }
    if (used != content.size()) {
      throw damaged(
          recordStart, "revision " + commit.getRevision() + " has blobs that nothing in it needs");
    }
    blobs += used;
    index.apply(delta);
    return new Store.PendingCommit(commit.getTimeMillis(), entries, content);
  }

  private byte[] needed(
      ExportedCommit commit, Map<Sha256, byte[]> content, String what, Sha256 hash) {
    byte[] blob = content.get(hash);
    if (blob == null) {
      throw damaged(
          recordStart,
          "revision "
              + commit.getRevision()
              + " needs the "
              + what
              + " "
              + hash
              + ", which is not there");
    }
    return blob;
  }

  private void trailer() {
    byte[] found = soFar();
    Record record = record();
    if (!record.hasTrailer()) {
      throw damaged(recordStart, "expected the trailer but found another record");
    }
    ExportTrailer trailer = record.getTrailer();
    if (trailer.getCommits() != revision || trailer.getBlobs() != blobs) {
      throw damaged(
          recordStart,
          String.format(
              "expected %d commits and %d blobs but found %d and %d",
              trailer.getCommits(), trailer.getBlobs(), revision, blobs));
    }
    if (!trailer.getSha256().equals(ByteString.copyFrom(found))) {
      throw damaged(
          recordStart,
          "the SHA-256 of everything before is not the one in the trailer; records were exchanged");
    }
    long end = offset;
    if (read(1).length > 0) {
      throw damaged(end, "expected the end but found more");
    }
  }

  private Record record() {
    recordStart = offset;
    ByteBuffer head = ByteBuffer.wrap(bytes(8, "a record"));
    int length = head.getInt();
    int crc = head.getInt();
    if (length < 0 || length > maxRecordBytes) {
      throw tooLarge("the record would have", Integer.toUnsignedLong(length));
    }
    byte[] payload = bytes(length, "a record of " + length + " bytes");
    CRC32C actual = new CRC32C();
    actual.update(payload);
    if ((int) actual.getValue() != crc) {
      throw damaged(
          recordStart,
          String.format(
              "the record's checksum is %08x but its bytes have %08x",
              crc, (int) actual.getValue()));
    }
    try {
      return Record.parseFrom(payload);
    } catch (InvalidProtocolBufferException e) {
      throw damaged(recordStart, "the record cannot be read: " + e.getMessage());
    }
  }

  private RegistryException tooLarge(String what, long bytes) {
    return damaged(
        recordStart,
        String.format(
            "%s %,d bytes; at most %,d are allowed (tracery.limits.import-record-bytes)",
            what, bytes, maxRecordBytes));
  }

  private void checkForm(byte[] blob) {
    try {
      CanonicalForm.target(blob);
    } catch (IllegalArgumentException e) {
      throw damaged(recordStart, String.valueOf(e.getMessage()));
    }
  }

  private byte[] bytes(int count, String what) {
    byte[] bytes = read(count);
    if (bytes.length < count) {
      throw damaged(
          offset,
          "it is truncated: expected "
              + what
              + " at byte "
              + (offset - bytes.length)
              + " but found the end");
    }
    return bytes;
  }

  /// Up to `count` bytes; memory grows with what is there, not with `count`.
  private byte[] read(int count) {
    try {
      byte[] bytes = in.readNBytes(count);
      offset += bytes.length;
      digest.update(bytes);
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The hash of everything that has been read.
  private byte[] soFar() {
    try {
      return ((MessageDigest) digest.clone()).digest();
    } catch (CloneNotSupportedException e) {
      throw new AssertionError("the platform's SHA-256 can be cloned", e);
    }
  }

  private static RegistryException damaged(long at, @Nullable String what) {
    return new RegistryException(
        RegistryException.Code.DATA_LOSS,
        "byte " + at,
        "the export is damaged at byte " + at + ": " + what);
  }
}
