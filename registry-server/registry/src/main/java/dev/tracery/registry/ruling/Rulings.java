package dev.tracery.registry.ruling;

import dev.tracery.registry.Compatibility.Policy;
import dev.tracery.registry.Compatibility.Waiver;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.SortedMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;

/// Waivers and policy through all revisions. One thread at a time applies, any thread reads.
public final class Rulings {

  // Why whole policies: they change a few times a year and are read for every verdict.
  private final ConcurrentSkipListMap<Long, Policy> policies = new ConcurrentSkipListMap<>();
  private final Queue<Waiver> waivers = new ConcurrentLinkedQueue<>();
  private final Map<String, Waiver> waiversByName = new ConcurrentHashMap<>();

  /// The policy as it was at `revision`. Its own revision is the one that it came with, 0 if it was
  /// never changed.
  public Policy policy(long revision) {
    Map.Entry<Long, Policy> latest = policies.floorEntry(revision);
    return latest == null ? PolicyEditor.BEGINNING : latest.getValue();
  }

  /// Every policy that there was after the one that a registry begins with, by its revision.
  public SortedMap<Long, Policy> policies() {
    return Collections.unmodifiableSortedMap(policies);
  }

  /// The waivers that there were at `revision`, in the order in which they were given.
  ///
  /// @param series only of this one; empty is all
  public List<Waiver> waivers(String series, long revision) {
    return waivers.stream()
        .takeWhile(waiver -> waiver.revision() <= revision)
        .filter(waiver -> series.isEmpty() || waiver.series().equals(series))
        .toList();
  }

  /// The waiver of this name, of any revision.
  public Optional<Waiver> waiver(String name) {
    return Optional.ofNullable(waiversByName.get(name));
  }

  /// Adds what a commit rules.
  public void apply(RulingDelta delta) {
    delta.policy().ifPresent(policy -> policies.put(policy.revision(), policy));
    for (Waiver waiver : delta.waivers()) {
      waiversByName.put(waiver.name(), waiver);
      waivers.add(waiver);
    }
  }
}
