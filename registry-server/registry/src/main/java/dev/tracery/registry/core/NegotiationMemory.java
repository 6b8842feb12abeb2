package dev.tracery.registry.core;

import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.consumer.TextUse;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Negotiation.Answer;
import dev.tracery.registry.Negotiation.Question;
import dev.tracery.registry.Negotiation.SeenEvent;
import dev.tracery.registry.index.Head;
import java.util.List;
import java.util.Optional;

/// Answers that were given: hosts that start the same tool on the same kernel ask the same,
/// whatever the tool is called. Forgets everything when the registry learns of something that an
/// answer is made of, or when a bridge comes or goes; consumers, waivers and the policy are no such
/// thing. Thread-safe.
final class NegotiationMemory {

  private record Key(List<Requirement> requirements, KernelIdentity kernel, List<SeenEvent> seen) {}

  /// What answers are made of.
  ///
  /// @param bridges the generation of those that are installed
  private record Knowledge(int kernels, int learned, int typed, long bridges) {
    static Knowledge at(Head head, long bridges) {
      return new Knowledge(head.kernels(), head.learned(), head.typed(), bridges);
    }
  }

  private record Era(Knowledge knowledge, RecentlyUsed<Key, Kept> answers) {}

  /// An answer that was given before.
  ///
  /// @param requirements equal to the question's, and one list for all who ask the same
  record Recalled(Answer answer, List<Requirement> requirements) {}

  /// @param bytes about as many as question and answer take
  private record Kept(Answer answer, List<Requirement> requirements, long bytes) {}

  // Why: what the objects of a use, of a field and of an event that is seen take.
  private static final long OVERHEAD = 512;
  private static final long USE_BYTES = 768;
  private static final long FIELD_BYTES = 256;
  private static final long SEEN_BYTES = 192;

  private final long maxBytes;
  private volatile Era era;

  NegotiationMemory(long maxBytes) {
    this.maxBytes = maxBytes;
    this.era = begin(new Knowledge(0, 0, 0, 0));
  }

  /// The answer to this question, if the registry knows no more at `head` than when it was given,
  /// and the same bridges are there. None where a text came with it, which must be compared with
  /// its hash first.
  Optional<Recalled> recall(Question question, Head head, long bridges) {
    Era present = era;
    if (hasTexts(question)) {
      return Optional.empty();
    }
    return present.knowledge.equals(Knowledge.at(head, bridges))
        ? present
            .answers
            .get(key(question))
            .map(kept -> new Recalled(kept.answer.at(head.revision()), kept.requirements))
        : Optional.empty();
  }

  /// Keeps an answer that was made of what there was at `head` and with these bridges, for those
  /// who ask the same without texts.
  void keep(Question question, Answer answer, Head head, long bridges) {
    Knowledge knowledge = Knowledge.at(head, bridges);
    Era present = era;
    if (!present.knowledge.equals(knowledge)) {
      // Why no lock: whoever loses here forgets a few answers.
      present = begin(knowledge);
      era = present;
    }
    present.answers.put(
        key(question), new Kept(answer, question.tool().requirements(), bytes(question, answer)));
  }

  private Era begin(Knowledge knowledge) {
    return new Era(knowledge, new RecentlyUsed<>(maxBytes, Kept::bytes));
  }

  private static Key key(Question question) {
    // Why without texts: they are large, the hashes say the same, and arrays are not compared.
    List<SeenEvent> seen =
        hasTexts(question)
            ? question.seen().stream()
                .map(event -> new SeenEvent(event.event(), event.id(), event.layoutHash(), null))
                .toList()
            : question.seen();
    return new Key(question.tool().requirements(), question.kernel(), seen);
  }

  private static boolean hasTexts(Question question) {
    for (SeenEvent event : question.seen()) {
      if (event.text() != null) {
        return true;
      }
    }
    return false;
  }

  /// Readings that answers share are counted for each.
  private static long bytes(Question question, Answer answer) {
    long readings = answer.events().stream().mapToLong(EventReadings::weight).sum();
    long uses = 0;
    long texts = 0;
    long fields = answer.requirements().stream().mapToLong(fit -> fit.fields().size()).sum();
    for (Requirement requirement : question.tool().requirements()) {
      for (EventUse use : requirement.anyOf()) {
        uses++;
        fields += use.fields().size() + use.parameters().size();
        texts += characters(use);
      }
    }
    return OVERHEAD
        + readings
        + USE_BYTES * uses
        + FIELD_BYTES * fields
        + texts
        + SEEN_BYTES * question.seen().size();
  }

  /// How long the names and texts of a use are together.
  private static long characters(EventUse use) {
    long count = use.structName().length() + use.kernel().length();
    for (FieldUse field : use.fields()) {
      for (String name : field.names()) {
        count += name.length();
      }
    }
    for (EventUse.Parameter parameter : use.parameters()) {
      count += parameter.type().length() + parameter.name().length();
    }
    return count
        + switch (use.text()) {
          case null -> 0;
          case TextUse.Whole() -> 0;
          case TextUse.Pattern(String regex) -> regex.length();
          case TextUse.Keys(List<String> keys) -> keys.stream().mapToLong(String::length).sum();
        };
  }
}
