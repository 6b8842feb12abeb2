package dev.tracery.grpc.stream;

/// The caller has cancelled, its deadline has passed, or it has gone. Nobody is left to be told.
public final class CallEndedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  CallEndedException(String message) {
    super(message);
  }
}
