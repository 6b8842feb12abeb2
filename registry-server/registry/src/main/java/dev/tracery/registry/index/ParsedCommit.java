package dev.tracery.registry.index;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.registry.log.Commit;
import dev.tracery.registry.log.Entry;
import dev.tracery.store.Store;
import java.io.IOException;
import java.util.List;

/// A commit of the log whose bytes have been read, which takes no index, and not yet what they say.
public final class ParsedCommit {

  private final long revision;
  private final long timeMillis;
  private final List<Entry> entries;

  private ParsedCommit(long revision, long timeMillis, List<Entry> entries) {
    this.revision = revision;
    this.timeMillis = timeMillis;
    this.entries = entries;
  }

  /// @throws dev.tracery.registry.RegistryException DATA_LOSS if it is no commit
  public static ParsedCommit of(Store.Commit commit) {
    try {
      CodedInputStream in = UnsafeByteOperations.unsafeWrap(commit.entries()).newCodedInput();
      // Contents of schemas and of BTF stay slices of the commit.
      in.enableAliasing(true);
      List<Entry> entries = Commit.parseFrom(in).getEntriesList();
      in.checkLastTagWas(0);
      return new ParsedCommit(commit.revision(), commit.timeMillis(), entries);
    } catch (InvalidProtocolBufferException e) {
      throw CommitReader.damaged(
          commit.revision(), "it is no serialized commit: " + e.getMessage());
    } catch (IOException e) {
      throw new AssertionError("reading from memory", e);
    }
  }

  /// Its revision.
  public long revision() {
    return revision;
  }

  long timeMillis() {
    return timeMillis;
  }

  List<Entry> entries() {
    return entries;
  }
}
