package dev.tracery.grpc;

import dev.tracery.registry.Negotiation;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Gives the answer that a test puts into it, from memory or not.
final class FakeNegotiation implements Negotiation {

  final AtomicReference<@Nullable Answer> answer = new AtomicReference<>();
  final AtomicReference<@Nullable Question> question = new AtomicReference<>();
  final AtomicReference<@Nullable Thread> answeredOn = new AtomicReference<>();
  volatile boolean isInMemory;

  private final FakeRegistry registry;

  FakeNegotiation(FakeRegistry registry) {
    this.registry = registry;
  }

  @Override
  public Answer negotiate(Question asked) {
    registry.ask("negotiate " + asked.tool().name());
    return give(asked).orElseThrow();
  }

  @Override
  public Optional<Answer> negotiateFromMemory(Question asked) {
    return isInMemory ? give(asked) : Optional.empty();
  }

  private Optional<Answer> give(Question asked) {
    question.set(asked);
    answeredOn.set(Thread.currentThread());
    return Optional.ofNullable(answer.get());
  }
}
