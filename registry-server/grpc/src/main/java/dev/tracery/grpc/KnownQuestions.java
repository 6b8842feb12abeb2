package dev.tracery.grpc;

import dev.tracery.consumer.Consumer;
import dev.tracery.grpc.wire.NegotiationWriter;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.v1.NegotiateRequest;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Questions that were read before, and the bytes of what was answered last: hosts that start the
/// same tool on the same kernel ask the same, whatever its version is called. Without it most of a
/// negotiation is reading the same question and writing the same answer again. The registry is
/// asked each time. Thread-safe.
final class KnownQuestions {

  private static final long MAX_BYTES = 16 << 20;
  private static final int MAX_ANSWER_BYTES = 256 << 10;
  // Why: what a question takes as objects, by what it takes as bytes.
  private static final int OBJECTS = 12;

  private volatile Generation generation = new Generation();

  /// What is forgotten at once.
  private static final class Generation {
    private final Map<QuestionBytes.Rest, Kept> questions = new ConcurrentHashMap<>();
    private final AtomicLong bytes = new AtomicLong();
  }

  /// @param question with the name and version of the tool that asked first
  private record Kept(Question question, Memory memory) {}

  /// The last answer to a question.
  private static final class Memory {
    private final Generation in;
    private volatile @Nullable Written last;

    Memory(Generation in) {
      this.in = in;
    }

    void keep(Written written) {
      Written before = last;
      last = written;
      in.bytes.addAndGet(written.bytes.length - (before == null ? 0 : before.bytes.length));
    }
  }

  private record Written(Answer answer, byte[] bytes) {}

  /// A question of a tool.
  static final class Asked {
    private final Question question;
    private final @Nullable Memory memory;

    private Asked(Question question, @Nullable Memory memory) {
      this.question = question;
      this.memory = memory;
    }

    Question question() {
      return question;
    }

    /// The bytes of the answer, not to be changed.
    byte[] written(Answer answer) {
      Memory known = memory;
      Written last = known == null ? null : known.last;
      // Answers that were given before share their lists, so this is quick.
      if (last != null && last.answer.equals(answer)) {
        return last.bytes;
      }
      byte[] bytes = NegotiationWriter.write(answer);
      if (known != null && bytes.length <= MAX_ANSWER_BYTES) {
        known.keep(new Written(answer, bytes));
      }
      return bytes;
    }
  }

  /// The question of a request, if one like it was read before.
  Optional<Asked> find(byte[] request) {
    QuestionBytes cut = QuestionBytes.cut(request).orElse(null);
    Kept known = cut == null ? null : generation.questions.get(cut.rest());
    if (cut == null || known == null) {
      return Optional.empty();
    }
    Question like = known.question;
    Consumer tool = like.tool();
    return Optional.of(
        new Asked(
            new Question(
                new Consumer(cut.name(), cut.version(), tool.source(), tool.requirements()),
                like.kernel(),
                like.seen(),
                like.dryRun()),
            known.memory));
  }

  /// Keeps a question, which is a good one, if it may come again.
  Asked keep(byte[] request, NegotiateRequest message, Question question) {
    Optional<QuestionBytes> cut = QuestionBytes.cut(request);
    if (cut.isEmpty()
        || question.seen().stream().map(SeenEvent::text).anyMatch(text -> text != null)
        // Why: a name that comes again further on would be the one that counts.
        || !Arrays.equals(message.toByteArray(), request)) {
      return new Asked(question, null);
    }
    Generation present = generation;
    if (present.bytes.get() > MAX_BYTES) {
      present = new Generation();
      generation = present;
    }
    Kept kept = new Kept(question, new Memory(present));
    Kept other = present.questions.putIfAbsent(cut.get().rest(), kept);
    if (other == null) {
      present.bytes.addAndGet((long) OBJECTS * request.length);
    }
    return new Asked(question, (other == null ? kept : other).memory);
  }
}
