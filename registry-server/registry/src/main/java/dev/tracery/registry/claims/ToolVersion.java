package dev.tracery.registry.claims;

import dev.tracery.consumer.Consumer;
import dev.tracery.registry.Consumers.Claim;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Consumers.State;
import dev.tracery.registry.claims.ClaimStep.Declared;
import dev.tracery.registry.claims.ClaimStep.Ended;
import dev.tracery.registry.claims.ClaimStep.Observed;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One version of a tool and all that happened to it. Compared by identity. One thread adds, any
/// thread reads.
public final class ToolVersion {

  private final String name;
  private final String version;
  // Never changed, but replaced: few things happen to a version.
  private volatile ClaimStep[] steps = {};

  ToolVersion(String name, String version) {
    this.name = name;
    this.version = version;
  }

  /// The tool's name.
  public String name() {
    return name;
  }

  public String version() {
    return version;
  }

  /// Whether it had appeared at `revision`.
  public boolean isThere(long revision) {
    ClaimStep[] all = steps;
    return all.length > 0 && all[0].revision() <= revision;
  }

  /// Its claims as of `revision`, the declared one first; those that have ended, too.
  ///
  /// @param lapse the time that an observed claim is not written again
  public List<Claim> claims(long revision, Instant now, Duration lapse) {
    Optional<Claim> declared = declared(revision);
    Optional<Claim> observed = observed(revision, now, lapse);
    if (declared.isPresent() && observed.isPresent()) {
      return List.of(declared.get(), observed.get());
    }
    return declared.or(() -> observed).stream().toList();
  }

  /// All that happened to it, in the log's order.
  public List<ClaimStep> steps() {
    return List.of(steps);
  }

  /// The last sighting that was recorded at `revision` or before, whatever happened since.
  public Optional<Observed> lastObserved(long revision) {
    ClaimStep[] all = steps;
    for (int i = all.length - 1; i >= 0; i--) {
      if (all[i] instanceof Observed observed && observed.revision() <= revision) {
        return Optional.of(observed);
      }
    }
    return Optional.empty();
  }

  private Optional<Claim> declared(long revision) {
    Declared last = null;
    Ended end = null;
    for (ClaimStep step : steps) {
      if (step.revision() > revision) {
        break;
      }
      switch (step) {
        case Declared declared -> {
          last = declared;
          end = null;
        }
        case Ended ended -> end = end == null ? ended : end;
        case Observed _ -> {}
      }
    }
    return last == null
        ? Optional.empty()
        : Optional.of(
            new Claim(
                last.consumer(),
                Origin.DECLARED,
                state(end),
                Instant.ofEpochMilli(last.timeMillis()),
                Optional.empty(),
                Optional.empty(),
                last.revision(),
                endedBy(end)));
  }

  private Optional<Claim> observed(long revision, Instant now, Duration lapse) {
    Observed first = null;
    Observed last = null;
    Ended end = null;
    for (ClaimStep step : steps) {
      if (step.revision() > revision) {
        break;
      }
      switch (step) {
        case Observed observed -> {
          first = first == null || end != null ? observed : first;
          last = observed;
          end = null;
        }
        case Ended ended -> end = end == null ? ended : end;
        case Declared _ -> {}
      }
    }
    if (first == null || last == null) {
      return Optional.empty();
    }
    Instant seen = Instant.ofEpochMilli(last.timeMillis());
    Instant lapses = lapses(seen, lapse);
    State state = state(end);
    return Optional.of(
        new Claim(
            last.consumer(),
            Origin.OBSERVED,
            state == State.LIVE && !now.isBefore(lapses) ? State.LAPSED : state,
            Instant.ofEpochMilli(first.timeMillis()),
            Optional.of(seen),
            Optional.of(lapses),
            last.revision(),
            endedBy(end)));
  }

  /// When a claim lapses whose last record says that it was seen at `recorded`: it may have been
  /// seen for another `lapse` without being recorded, and is waited for as long again.
  public static Instant lapses(Instant recorded, Duration lapse) {
    return recorded.plus(lapse.multipliedBy(2));
  }

  /// The consumer of the last step that has one.
  @Nullable Consumer lastConsumer() {
    ClaimStep[] all = steps;
    for (int i = all.length - 1; i >= 0; i--) {
      switch (all[i]) {
        case Declared declared -> {
          return declared.consumer();
        }
        case Observed observed -> {
          return observed.consumer();
        }
        case Ended _ -> {}
      }
    }
    return null;
  }

  void add(ClaimStep step) {
    ClaimStep[] old = steps;
    ClaimStep[] grown = Arrays.copyOf(old, old.length + 1);
    grown[old.length] = step;
    steps = grown;
  }

  private static State state(@Nullable Ended end) {
    if (end == null) {
      return State.LIVE;
    }
    return end.supersededBy().isEmpty() ? State.WITHDRAWN : State.SUPERSEDED;
  }

  private static String endedBy(@Nullable Ended end) {
    if (end == null) {
      return "";
    }
    return end.supersededBy().isEmpty() ? end.reason() : end.supersededBy();
  }

  @Override
  public String toString() {
    return name + "/" + version;
  }
}
