package dev.tracery.registry.policy;

import dev.tracery.model.EventName;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.diff.KernelChanges;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// All that a judgement is made of: a kernel that is a candidate for a series, the kernel before
/// it, who depends on what, and the rules.
///
/// @param predecessor empty where the candidate is the first of its series
/// @param claims of live consumers
/// @param stability how stable an event is by the policy's rules
/// @param waivers all that may match; those for other series or kernels do not
/// @param revision at which all of it was read
/// @param time by which observed claims had lapsed or not
public record Candidacy(
    String series,
    Mode mode,
    Optional<Predecessor> predecessor,
    Kernel candidate,
    KernelView view,
    ClaimIndex claims,
    Function<EventName, Stability> stability,
    List<Waiver> waivers,
    long revision,
    Instant time) {

  public Candidacy {
    waivers = List.copyOf(waivers);
  }

  /// The kernel before it.
  ///
  /// @param changes from the predecessor to the candidate
  public record Predecessor(Kernel kernel, KernelView view, KernelChanges changes) {}
}
