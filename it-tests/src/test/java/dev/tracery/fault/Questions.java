package dev.tracery.fault;

import dev.tracery.client.Registration;
import dev.tracery.v1.CanRunRequest;
import dev.tracery.v1.NegotiateRequest;
import java.util.ArrayList;
import java.util.List;

/// What was asked in a run and can be asked again of a registry at an earlier revision.
/// Thread-safe.
final class Questions {

  /// A question with a verdict for an answer.
  sealed interface Question {

    /// What this kernel breaks in its series.
    record Judge(Registration kernel) implements Question {}

    /// How this tool runs.
    record Negotiate(NegotiateRequest request) implements Question {}

    /// Where this tool can run.
    record CanRun(CanRunRequest request) implements Question {}
  }

  private final List<Question> all = new ArrayList<>();

  /// Keeps a question.
  ///
  /// @return its number
  synchronized int add(Question question) {
    all.add(question);
    return all.size() - 1;
  }

  synchronized Question get(int number) {
    return all.get(number);
  }
}
