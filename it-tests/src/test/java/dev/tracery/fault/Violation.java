package dev.tracery.fault;

/// A promise that was not kept.
record Violation(Promise promise, String what) {

  /// What is promised.
  enum Promise {
    /// What was acknowledged is in the log.
    NOTHING_LOST,
    /// It is there at the revision that was answered, with the content that was sent.
    AT_ITS_REVISION,
    /// What was refused is not there.
    REFUSED_IS_NOT_THERE,
    /// What happens once is there once.
    ONCE,
    /// Revisions are without gaps.
    NO_GAPS,
    /// One revision has the same entries for everybody, at every time.
    ONE_LOG,
    /// An answer is of a revision that is not older than what was asked for.
    NOT_STALE,
    /// A verdict is what the log says at the verdict's revision.
    VERDICTS_HOLD,
    /// Who enforces takes nothing that breaks somebody.
    ENFORCED,
    /// All servers have the same in memory.
    ONE_STATE,
    /// A field's number has one meaning, for ever.
    NUMBERS_STAY,
    /// Servers live until they are stopped, and give no answer that says that they are broken.
    NO_SURPRISES
  }

  @Override
  public String toString() {
    return promise + ": " + what;
  }
}
