package dev.tracery.store;

import dev.tracery.model.Sha256;
import java.time.Duration;
import java.time.Instant;
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
/// append the log is as it was before, but for [StoreException.Reason#UNCERTAIN]. Arrays that are
/// given are not kept; arrays that are answered belong to the caller.
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

  /// The snapshot of the greatest revision, if one was saved. Its content is checked: it is what
  /// was saved.
  ///
  /// @throws StoreException CORRUPT if it is not, or if it is of a revision that the log does not
  ///   have; the log itself may be whole
  Optional<Snapshot> snapshot();

  /// Keeps a snapshot beside the log, whole or not at all. Those of smaller revisions may be
  /// dropped; where there is one of this revision or a greater one, nothing is kept. A snapshot
  /// only saves time: what it says follows from the log.
  ///
  /// @throws IllegalArgumentException if the log does not have the revision, or the snapshot has no
  ///   parts
  void save(Snapshot snapshot);

  /// How this store stands with what it stores its log in. Never blocks.
  Health health();

  /// Tells the other servers over the same log of this one, until the store is closed or another is
  /// told. Does not block: what cannot be told is told later.
  void announce(Server server);

  /// The servers over this log that were heard of in the last minute, this one among them if it was
  /// announced, in the order of their addresses.
  List<Server> servers();

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

  /// What the registry makes of the log up to a revision, so that a new server need not read all of
  /// it.
  ///
  /// @param revision from 1
  /// @param parts the content, into which the store does not look; each under 64 MiB, not empty
  record Snapshot(long revision, List<byte[]> parts) {}

  /// How a store stands with what it stores its log in.
  ///
  /// @param reachable whether the last attempt to reach it succeeded
  /// @param age how long ago it was known for sure that this store has heard of the newest commit;
  ///   zero where nobody else can write
  /// @param problem what is wrong and what to do, empty if nothing is
  record Health(boolean reachable, Duration age, String problem) {
    /// Of a store that cannot be away.
    public static final Health HERE = new Health(true, Duration.ZERO, "");
  }

  /// A registry server over a log.
  ///
  /// @param id names it among all, for as long as it runs
  /// @param address `HOST:PORT`, where it serves
  /// @param version of the program
  /// @param revision up to which it has read the log
  /// @param started when it was started
  /// @param heard when it was last heard of, by the clock of what the log is stored in; not to be
  ///   given to [#announce]
  record Server(
      String id, String address, String version, long revision, Instant started, Instant heard) {}

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
