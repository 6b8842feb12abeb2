package dev.tracery.registry.ruling;

import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.log.PolicyChanged;
import dev.tracery.registry.log.WaiverGiven;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads what one commit rules, against the rulings before it, which are not changed.
public final class RulingReader {

  private final Rulings before;
  private final long revision;
  private final long timeMillis;
  private final List<Waiver> waivers = new ArrayList<>();
  private final List<String> changes = new ArrayList<>();
  private @Nullable Policy policy;

  public RulingReader(Rulings before, long revision, long timeMillis) {
    this.before = before;
    this.revision = revision;
    this.timeMillis = timeMillis;
  }

  /// @throws IllegalArgumentException if the waiver does not fit
  public void read(WaiverGiven given) {
    Waiver waiver = RulingCodec.read(given.getWaiver(), Instant.ofEpochMilli(timeMillis), revision);
    if (before.waiver(waiver.name()).isPresent()
        || waivers.stream().anyMatch(other -> other.name().equals(waiver.name()))) {
      throw new IllegalArgumentException("there is a waiver " + waiver.name() + " already");
    }
    waivers.add(waiver);
  }

  /// @throws IllegalArgumentException if the change is of no policy
  public void read(PolicyChanged changed) {
    Policy last = policy == null ? before.policy(revision - 1) : policy;
    policy =
        PolicyEditor.edit(
            last, RulingCodec.modes(changed), RulingCodec.stability(changed), revision);
    changes.add(RulingCodec.summary(changed));
  }

  /// What was read.
  public RulingDelta delta() {
    return waivers.isEmpty() && policy == null
        ? RulingDelta.NONE
        : new RulingDelta(waivers, Optional.ofNullable(policy), changes);
  }
}
