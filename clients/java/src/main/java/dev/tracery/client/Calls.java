package dev.tracery.client;

import com.google.rpc.Code;
import io.grpc.StatusException;

/// Runs calls and turns their failures into [TraceryException]s.
final class Calls {

  private Calls() {}

  /// Something that calls the server.
  @FunctionalInterface
  interface Call<T extends @org.jspecify.annotations.Nullable Object> {
    T run() throws StatusException, InterruptedException;
  }

  static <T extends @org.jspecify.annotations.Nullable Object> T answer(Call<T> call) {
    try {
      return call.run();
    } catch (StatusException e) {
      throw StatusReader.read(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TraceryException(Code.CANCELLED, "interrupted", e);
    }
  }
}
