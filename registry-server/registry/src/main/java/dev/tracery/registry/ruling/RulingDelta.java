package dev.tracery.registry.ruling;

import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.RegistryChange;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What one commit rules.
///
/// @param waivers those that it gives
/// @param policy the policy after it; empty where it changes none
/// @param changes what it changes of the policy, in words
public record RulingDelta(List<Waiver> waivers, Optional<Policy> policy, List<String> changes) {

  /// Of a commit that rules nothing.
  public static final RulingDelta NONE = new RulingDelta(List.of(), Optional.empty(), List.of());

  public RulingDelta {
    waivers = List.copyOf(waivers);
    changes = List.copyOf(changes);
  }

  /// The same for those who watch.
  public Stream<RegistryChange> toChanges() {
    return Stream.concat(
        waivers.stream()
            .map(waiver -> new RegistryChange.WaiverGiven(waiver.name(), waiver.series())),
        changes.stream().map(RegistryChange.PolicyChanged::new));
  }
}
