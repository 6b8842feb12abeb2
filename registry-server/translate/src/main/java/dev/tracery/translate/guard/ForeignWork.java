package dev.tracery.translate.guard;

/// Some work that calls foreign code, done by another thread than the one that wants it done.
public interface ForeignWork {

  /// Does it.
  void run() throws Throwable;

  /// A number that grows while the work gets on. Read by another thread.
  default long progress() {
    return 0;
  }

  /// Told when nobody waits any longer: foreign code that returns after all is not to be called
  /// again.
  ///
  /// @param progress at which it is stuck
  default void abandon(long progress) {}
}
