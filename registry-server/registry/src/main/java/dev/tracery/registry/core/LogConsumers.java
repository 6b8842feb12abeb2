package dev.tracery.registry.core;

import dev.tracery.consumer.Consumer;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.Requirement;
import dev.tracery.model.EventName;
import dev.tracery.model.Glob;
import dev.tracery.registry.Consumers;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.claims.ToolVersion;
import dev.tracery.registry.core.ConsumerPlanner.ConsumerPlan;
import dev.tracery.registry.index.Index;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Tools and their claims over the log. Thread-safe.
final class LogConsumers implements Consumers, AutoCloseable {

  private final Log log;
  private final ClaimSettings settings;
  private final InstantSource clock;
  private final ObservedTools observed;
  private final ClaimsInForce inForce;

  LogConsumers(Log log, ClaimSettings settings, InstantSource clock) {
    this.log = log;
    this.settings = settings;
    this.clock = clock;
    this.observed = new ObservedTools(settings, clock, new ObservationLog(log, settings));
    this.inForce = new ClaimsInForce(settings, observed);
  }

  /// The claims that count, for verdicts.
  ClaimsInForce inForce() {
    return inForce;
  }

  @Override
  public Declared declare(
      Consumer consumer, List<String> supersedes, boolean allowUnknown, boolean validateOnly) {
    Log.Written<ConsumerPlan> written =
        log.write(
            index ->
                new ConsumerPlanner(index, settings, clock.instant())
                    .declare(consumer, supersedes, allowUnknown),
            validateOnly);
    ConsumerPlan plan = written.plan();
    Claim claim =
        validateOnly
            ? planned(consumer)
            : claims(
                    log.index().claims().find(consumer.name(), consumer.version()).orElseThrow(),
                    written.revision(),
                    false)
                .findFirst()
                .orElseThrow();
    return new Declared(
        claim,
        written.revision(),
        plan.commit().getEntriesCount() > 0,
        plan.versions(),
        plan.warnings());
  }

  @Override
  public Withdrawn withdraw(String name, String version, String reason) {
    Log.Written<ConsumerPlan> written =
        log.write(
            index ->
                new ConsumerPlanner(index, settings, clock.instant())
                    .withdraw(name, version, reason),
            false);
    return new Withdrawn(written.plan().versions(), written.revision());
  }

  @Override
  public Claim consumer(String name, String version, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    ToolVersion tool = ConsumerNames.find(index, name, version, revision).getLast();
    List<Claim> claims = claims(tool, revision, atRevision == 0).toList();
    return claims.stream()
        .filter(claim -> claim.state() == State.LIVE)
        .findFirst()
        .orElse(claims.getFirst());
  }

  @Override
  public List<Claim> list(
      String filter, boolean includeEnded, int from, int limit, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    Glob glob = Filter.glob(filter);
    return index
        .claims()
        .all(revision)
        .filter(tool -> glob.matches(tool.name()))
        .flatMap(tool -> claims(tool, revision, atRevision == 0))
        .filter(claim -> includeEnded || claim.state() == State.LIVE)
        .skip(Math.max(0, from))
        .limit(limit)
        .toList();
  }

  @Override
  public Uses uses(String event, String field, boolean includeEnded, int limit, long atRevision) {
    Index index = log.index();
    long revision = Revisions.resolve(index, atRevision);
    Glob glob = Filter.glob(event);
    List<Use> found = new ArrayList<>();
    int count = 0;
    for (EventName used : index.claims().usedEvents()) {
      if (!glob.matches(used.toString())) {
        continue;
      }
      List<Claim> claims =
          index
              .claims()
              .usersOf(used, revision)
              .sorted(Comparator.comparing(ToolVersion::name))
              .flatMap(tool -> claims(tool, revision, atRevision == 0))
              .filter(claim -> includeEnded || claim.state() == State.LIVE)
              .toList();
      List<String> series = claims.isEmpty() ? List.of() : index.seriesWith(used, revision);
      for (Claim claim : claims) {
        for (Requirement requirement : claim.consumer().requirements()) {
          for (EventUse use : requirement.anyOf()) {
            if (used.equals(use.event()) && (field.isEmpty() || names(use, field))) {
              count++;
              if (found.size() < limit) {
                found.add(
                    new Use(
                        claim,
                        use,
                        requirement.optional(),
                        requirement.anyOf().size() > 1,
                        series));
              }
            }
          }
        }
      }
    }
    if (count == 0 && glob.isName()) {
      // Why: that nobody uses a name that was misspelled is no news.
      new KnownNames(index, revision)
          .problem(name(event), field)
          .ifPresent(problem -> {
            throw new RegistryException(Code.NOT_FOUND, event, problem);
          });
    }
    return new Uses(found, count, revision);
  }

  private static EventName name(String event) {
    try {
      return EventName.parse(event);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(Code.INVALID_ARGUMENT, "event", "event: " + e.getMessage());
    }
  }

  @Override
  public void observe(Consumer consumer) {
    observed.observe(consumer);
  }

  @Override
  public Observations observations() {
    return observed.counts();
  }

  /// Writes what was observed and waits, and ends.
  @Override
  public void close() {
    observed.close();
  }

  /// A version's claims; if they are read now, with what this server has seen since.
  private Stream<Claim> claims(ToolVersion tool, long revision, boolean now) {
    Stream<Claim> claims = tool.claims(revision, clock.instant(), settings.lapse()).stream();
    if (!now) {
      return claims;
    }
    Optional<Instant> seen = observed.lastSeen(new TrackedTool.Key(tool.name(), tool.version()));
    return seen.isEmpty() ? claims : claims.map(claim -> seen(claim, seen.get()));
  }

  private static Claim seen(Claim claim, Instant seen) {
    if (claim.lastSeen().isEmpty() || !seen.isAfter(claim.lastSeen().get())) {
      return claim;
    }
    return new Claim(
        claim.consumer(),
        claim.origin(),
        claim.state(),
        claim.created(),
        Optional.of(seen),
        claim.lapses(),
        claim.revision(),
        claim.endedBy());
  }

  private Claim planned(Consumer consumer) {
    return new Claim(
        consumer,
        Origin.DECLARED,
        State.LIVE,
        clock.instant(),
        Optional.empty(),
        Optional.empty(),
        0,
        "");
  }

  private static boolean names(EventUse use, String field) {
    return use.fields().stream().map(FieldUse::names).anyMatch(names -> names.contains(field));
  }
}
