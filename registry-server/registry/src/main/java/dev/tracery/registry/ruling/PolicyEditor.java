package dev.tracery.registry.ruling;

import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.ModeRule;
import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.StabilityRule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Changes policies.
public final class PolicyEditor {

  /// The series of a rule that is for all that have none of their own.
  public static final String ALL_SERIES = "*";

  // Where `perf probe` and the kernel's own interfaces put what people make at run time.
  private static final List<StabilityRule> BUILT_IN =
      List.of(
          builtIn("syscalls/sys_enter_*", Stability.STABLE),
          builtIn("syscalls/sys_exit_*", Stability.STABLE),
          builtIn("raw_syscalls/*", Stability.STABLE),
          builtIn("kprobes/*", Stability.DYNAMIC),
          builtIn("uprobes/*", Stability.DYNAMIC),
          builtIn("eprobes/*", Stability.DYNAMIC),
          builtIn("fprobes/*", Stability.DYNAMIC),
          builtIn("synthetic/*", Stability.DYNAMIC),
          builtIn("probe/*", Stability.DYNAMIC),
          builtIn("probe_*/*", Stability.DYNAMIC),
          builtIn("*", Stability.INTERNAL));

  /// What every registry begins with.
  public static final Policy BEGINNING = new Policy(Mode.ADVISE, List.of(), BUILT_IN, 0);

  private PolicyEditor() {}

  /// `policy` with these changes. A mode or class that is null takes the rule away that was set.
  ///
  /// @param revision of the result
  public static Policy edit(
      Policy policy, List<ModeRule> modes, List<StabilityRule> stability, long revision) {
    Mode byDefault = policy.defaultMode();
    Map<String, ModeRule> bySeries = new TreeMap<>();
    policy.modes().forEach(rule -> bySeries.put(rule.series(), rule));
    for (ModeRule rule : modes) {
      if (rule.series().equals(ALL_SERIES)) {
        byDefault = rule.mode() == null ? BEGINNING.defaultMode() : rule.mode();
      } else if (rule.mode() == null) {
        bySeries.remove(rule.series());
      } else {
        bySeries.put(rule.series(), rule);
      }
    }
    Set<String> changed = stability.stream().map(StabilityRule::events).collect(Collectors.toSet());
    List<StabilityRule> rules = new ArrayList<>();
    stability.stream().filter(rule -> rule.stability() != null).forEach(rules::add);
    policy.stability().stream()
        .filter(rule -> rule.builtIn() || !changed.contains(rule.events()))
        .forEach(rules::add);
    return new Policy(
        byDefault,
        bySeries.values().stream().sorted(Comparator.comparing(ModeRule::series)).toList(),
        List.copyOf(rules),
        revision);
  }

  /// What `series` does with a break.
  public static Mode mode(Policy policy, String series) {
    for (ModeRule rule : policy.modes()) {
      if (rule.series().equals(series) && rule.mode() != null) {
        return rule.mode();
      }
    }
    return policy.defaultMode();
  }

  private static StabilityRule builtIn(String events, Stability stability) {
    return new StabilityRule(events, stability, true);
  }
}
