package dev.tracery.grpc;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// Claims that a test puts into it; notes what it was asked. Thread-safe.
final class FakeConsumers implements Consumers {

  final List<Claim> claims = new CopyOnWriteArrayList<>();
  final List<Use> uses = new CopyOnWriteArrayList<>();
  final List<String> asked = new CopyOnWriteArrayList<>();

  /// A live claim.
  static Claim claim(Consumer consumer, Origin origin) {
    Optional<Instant> seen =
        origin == Origin.OBSERVED ? Optional.of(Instant.ofEpochSecond(2_000)) : Optional.empty();
    return new Claim(
        consumer,
        origin,
        State.LIVE,
        Instant.ofEpochSecond(1_000),
        seen,
        seen.map(time -> time.plusSeconds(500)),
        3,
        "");
  }

  @Override
  public Declared declare(
      Consumer consumer, List<String> supersedes, boolean allowUnknown, boolean validateOnly) {
    asked.add(
        "declare " + consumer.name() + " " + supersedes + " " + allowUnknown + " " + validateOnly);
    return new Declared(
        claim(consumer, Origin.DECLARED), 4, true, List.of("0"), List.of("a warning"));
  }

  @Override
  public Withdrawn withdraw(String name, String version, String reason) {
    asked.add("withdraw " + name + "/" + version + " " + reason);
    return new Withdrawn(List.of("1", "2"), 5);
  }

  @Override
  public Claim consumer(String name, String version, long atRevision) {
    asked.add("consumer " + name + "/" + version + " at " + atRevision);
    return claims.getFirst();
  }

  @Override
  public List<Claim> list(
      String filter, boolean includeEnded, int from, int limit, long atRevision) {
    asked.add("list " + filter + " " + includeEnded + " " + from + " " + limit);
    return claims.stream().skip(from).limit(limit).toList();
  }

  @Override
  public Uses uses(String event, String field, boolean includeEnded, int limit, long atRevision) {
    asked.add("uses " + event + " " + field + " " + includeEnded + " " + limit);
    return new Uses(uses.stream().limit(limit).toList(), uses.size(), 6);
  }

  @Override
  public void observe(Consumer consumer) {
    asked.add("observe " + consumer.name());
  }

  @Override
  public Observations observations() {
    return new Observations(0, 0, 0, 0, 0, 0);
  }
}
