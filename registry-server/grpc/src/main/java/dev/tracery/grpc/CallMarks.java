package dev.tracery.grpc;

import dev.tracery.registry.Registry;
import io.grpc.Metadata;

/// What answers say, beside what was asked, of the state that they were given from: metadata,
/// because it holds for every call of every service, and because answers are kept by the bytes of
/// requests (`docs/decisions/1621`). Thread-safe.
final class CallMarks {

  /// Of a request: the least revision that the answer may be from.
  static final Metadata.Key<String> AT_LEAST =
      Metadata.Key.of("tracery-at-least-revision", Metadata.ASCII_STRING_MARSHALLER);

  /// Of an answer: a revision that it knows of; after a write, the write's at least.
  static final Metadata.Key<String> REVISION =
      Metadata.Key.of("tracery-revision", Metadata.ASCII_STRING_MARSHALLER);

  /// Of an answer: how many milliseconds ago it was known that this server has read the whole log.
  static final Metadata.Key<String> AGE =
      Metadata.Key.of("tracery-age-ms", Metadata.ASCII_STRING_MARSHALLER);

  /// Of an answer: `unreachable` while the store is away, else not there.
  static final Metadata.Key<String> STORE =
      Metadata.Key.of("tracery-store", Metadata.ASCII_STRING_MARSHALLER);

  private static final String UNREACHABLE = "unreachable";

  private final CurrentRegistry current;
  private volatile Written last = new Written(0, "0");

  CallMarks(CurrentRegistry current) {
    this.current = current;
  }

  private record Written(long revision, String text) {}

  /// The revision up to which this server has read the log; 0 where there is no registry.
  long head() {
    Registry registry = current.orNull();
    return registry == null ? 0 : registry.head();
  }

  /// Marks an answer. Called for every one, on the transport's thread.
  ///
  /// @param revision that the answer knows of
  void put(Metadata answer, long revision) {
    Registry registry = current.orNull();
    if (registry == null) {
      return;
    }
    Registry.Freshness freshness = registry.freshness();
    answer.put(REVISION, text(revision));
    long age = freshness.age().toMillis();
    answer.put(AGE, age == 0 ? "0" : Long.toString(age));
    if (!freshness.storeReachable()) {
      answer.put(STORE, UNREACHABLE);
    }
  }

  private String text(long revision) {
    Written known = last;
    if (known.revision != revision) {
      known = new Written(revision, Long.toString(revision));
      last = known;
    }
    return known.text;
  }
}
