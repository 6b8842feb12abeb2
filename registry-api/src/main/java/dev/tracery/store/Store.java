package dev.tracery.store;

import dev.tracery.model.Sha256;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/// An ordered log of commits, and blobs addressed by their content. The registry's only durable
/// state.
///
/// Revisions count from 1; revision 0 is the empty log. Every method may be called from any thread.
/// A method that cannot reach or trust what is stored throws [StoreException], as every method but
/// [#close] does once the store is closed ([StoreException.Reason#UNAVAILABLE]). After a failed
/// append the log is as it was before. Arrays that are given are not kept; arrays that are answered
/// belong to the caller.
///
/// Every implementation passes `StoreContract` (in this module's test jar, beside `MemoryStore`).
public interface Store extends AutoCloseable {

  /// The latest revision, 0 if the log is empty.
  long head();

  /// Appends one commit with the blobs that it speaks of, if the head is still `expectedHead`. All
  /// or nothing. When this returns [AppendResult.Appended] the commit survives the end of the
  /// process and of power.
  ///
  /// Blobs that are there already are not stored again.
  ///
  /// @param entries the commit's content, not empty; the store does not look into it
  /// @param blobs content by its SHA-256, which the store trusts the caller to have computed
  /// @throws IllegalArgumentException if `entries` is empty
  AppendResult append(long expectedHead, byte[] entries, Map<Sha256, byte[]> blobs);

  /// Replaces an empty log by these commits, whose revisions are 1, 2, 3 …, as one atomic step.
  /// `commits` is asked for its commits one after the other, so that a log need not fit into
  /// memory; what it throws is thrown on, and the log is still empty. It must not call this store,
  /// which accepts no other append meanwhile.
  ///
  /// @return the revision and time of the last commit, both 0 for no commits at all; or the head
  ///   that there was, as [AppendResult.HeadMoved], if the log was not empty
  /// @throws IllegalArgumentException if a commit's entries are empty or its time is before the
  ///   commit's before it
  AppendResult appendAll(Iterable<PendingCommit> commits);

  /// The first `limit` commits after `afterRevision`, or all if there are fewer, in order, without
  /// gaps. That the entries are those that were appended is checked.
  List<Commit> read(long afterRevision, int limit);

  /// The blob with this hash. Its content is checked against the hash.
  Optional<byte[]> blob(Sha256 hash);

  /// Calls `listener` with the head whenever it has moved, from any thread and possibly late or
  /// once for several moves, but with a greater head each time. The listener must not block; what
  /// it throws is logged and harms nobody.
  ///
  /// @return ends the calls when closed
  Subscription onHeadMoved(LongConsumer listener);

  /// What the log and the blobs take on disk, in bytes, without what the store needs to run (locks,
  /// write-ahead logs).
  long sizeInBytes();

  /// `sqlite`, `postgres`.
  String name();

  /// Waits for what is under way, then gives back what the store holds. Closing twice does no harm.
  @Override
  void close();

  /// A commit as it is stored.
  ///
  /// @param revision from 1, without gaps
  /// @param timeMillis when it was appended, milliseconds since 1970 by the store's clock; never
  ///   before an earlier commit's
  /// @param entries what [#append] was given
  record Commit(long revision, long timeMillis, byte[] entries) {}

  /// A commit that is to be imported, with its own time.
  record PendingCommit(long timeMillis, byte[] entries, Map<Sha256, byte[]> blobs) {}

  /// How an append ended.
  sealed interface AppendResult {
    /// The commit is durable and has this revision.
    record Appended(long revision, long timeMillis) implements AppendResult {}

    /// Nothing was stored: the head is not the one that was expected.
    record HeadMoved(long head) implements AppendResult {}
  }

  /// Ends something when closed. Closing twice does no harm.
  interface Subscription extends AutoCloseable {
    @Override
    void close();
  }
}
