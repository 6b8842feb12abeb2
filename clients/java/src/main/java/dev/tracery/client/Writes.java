package dev.tracery.client;

import com.google.rpc.Code;
import java.util.List;
import java.util.Optional;

/// Sends what is not to be sent twice without thought, and says what is known where the server goes
/// away in the middle of it.
final class Writes {

  private Writes() {}

  /// @param outcome what is known then: `the waiver may or may not have been given`
  /// @throws TraceryException with the reason `CONNECTION_LOST`, too
  static <T extends @org.jspecify.annotations.Nullable Object> T send(
      String outcome, Calls.Call<T> call) {
    try {
      return Calls.answer(call);
    } catch (TraceryException e) {
      // Why: with a reason it is the server that says no, and then nothing was done.
      throw e.isLost() && e.reason().isEmpty() ? lost(e, outcome) : e;
    }
  }

  private static TraceryException lost(TraceryException failure, String outcome) {
    return new TraceryException(
        Code.UNAVAILABLE,
        TraceryException.CONNECTION_LOST,
        "the connection to the registry was lost (" + failure.getMessage() + "); " + outcome,
        List.of(),
        List.of(),
        Optional.empty(),
        Optional.empty(),
        failure);
  }
}
