package dev.tracery.translate.guard;

/// A bundle whose code is watched. Thread-safe.
public interface Suspect {

  /// Whether it has failed, so that its code is not to be called any more.
  boolean isQuarantined();

  /// It has failed: whoever uses it does without, from now on.
  ///
  /// @param reason what it did
  void quarantine(String reason);

  /// It has translated some records.
  void count(long records);
}
