package dev.tracery.registry.core;

import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.index.Index;

/// Checks the revisions that requests read at.
final class Revisions {

  private Revisions() {}

  /// The revision that a request means; the head for 0.
  static long resolve(Index index, long atRevision) {
    long head = index.head().revision();
    if (atRevision < 0) {
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "revision",
          "revision: expected 0 or more but found " + atRevision);
    }
    if (atRevision > head) {
      throw new RegistryException(
          Code.OUT_OF_RANGE,
          "revision",
          "there is no revision " + atRevision + " yet; the latest is " + head);
    }
    return atRevision == 0 ? head : atRevision;
  }
}
