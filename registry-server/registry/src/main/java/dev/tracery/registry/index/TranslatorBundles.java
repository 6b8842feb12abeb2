package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Translators.Installed;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/// The translators that people installed, through all revisions. One thread at a time applies, any
/// thread reads.
public final class TranslatorBundles {

  // Why a list of steps: bundles are installed a few times a year.
  private final Queue<TranslatorStep> steps = new ConcurrentLinkedQueue<>();
  private final Set<Sha256> jars = ConcurrentHashMap.newKeySet();

  /// Those that there were at `revision`, sorted by name.
  public List<Installed> at(long revision) {
    TreeMap<String, Installed> there = new TreeMap<>();
    for (TranslatorStep step : steps) {
      if (step.revision() > revision) {
        break;
      }
      if (step.removes()) {
        there.remove(step.bundle().name());
      } else {
        there.put(step.bundle().name(), step.bundle());
      }
    }
    return List.copyOf(there.values());
  }

  /// The one of this name at `revision`.
  public Optional<Installed> named(String name, long revision) {
    return at(revision).stream().filter(bundle -> bundle.name().equals(name)).findFirst();
  }

  /// All that was done to them, in the log's order.
  List<TranslatorStep> steps() {
    return List.copyOf(steps);
  }

  /// Whether a bundle with this jar was ever installed.
  public boolean knowsJar(Sha256 hash) {
    return jars.contains(hash);
  }

  /// The jars that `added` speaks of and no step before it.
  public List<Sha256> newJars(List<TranslatorStep> added) {
    return added.stream()
        .filter(step -> !step.removes() && !knowsJar(step.bundle().jar()))
        .map(step -> step.bundle().jar())
        .distinct()
        .toList();
  }

  void apply(List<TranslatorStep> added) {
    for (TranslatorStep step : added) {
      jars.add(step.bundle().jar());
      steps.add(step);
    }
  }
}
