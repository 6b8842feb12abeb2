package dev.tracery.store;

/// The store cannot be reached, or what it holds cannot be trusted. The message says where and what
/// to do.
public final class StoreException extends RuntimeException {

  private static final long serialVersionUID = 1;

  /// What went wrong, for callers that act on it.
  public enum Reason {
    /// The store cannot be reached or is busy now; the same call may succeed later.
    UNAVAILABLE,
    /// The connection was lost while something was being written, and whether it was could not be
    /// found out: it is there whole or not at all. Read the log to know.
    UNCERTAIN,
    /// There is no room left.
    FULL,
    /// The file or database is not one of ours, is newer than this program, or may not be written.
    UNUSABLE,
    /// What is stored is damaged.
    CORRUPT,
    /// The log is not the one that was read before: commits that were there are gone or are others,
    /// as after a backup was restored. What was read must be forgotten.
    REWOUND
  }

  private final Reason reason;

  public StoreException(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  public StoreException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  public Reason reason() {
    return reason;
  }
}
