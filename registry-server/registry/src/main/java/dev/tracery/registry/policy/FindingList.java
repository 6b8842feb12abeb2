package dev.tracery.registry.policy;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.ConsumerRef;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Compatibility.Waiver;
import dev.tracery.registry.Registry.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Collects findings: one for each tool, access and change, however many versions and requirements
/// of the tool it concerns. Not thread-safe.
final class FindingList {

  private static final Comparator<Finding> WORST_FIRST =
      Comparator.comparing(Finding::verdict, Comparator.reverseOrder())
          .thenComparing(Finding::event)
          .thenComparing((Finding finding) -> finding.change().field())
          .thenComparing((Finding finding) -> finding.change().occurrence())
          .thenComparing(FindingList::consumer)
          .thenComparing((Finding finding) -> finding.change().kind());

  private record Key(
      boolean harmless,
      String tool,
      @Nullable AccessClass access,
      dev.tracery.model.EventName event,
      Change change) {}

  /// @param versions of the tool, the one that is named first
  private record Entry(Finding finding, List<String> versions) {}

  private final WaiverMatcher waivers;
  private final Map<Key, Entry> entries = new HashMap<>();

  FindingList(WaiverMatcher waivers) {
    this.waivers = waivers;
  }

  /// Adds what a rule says of a change.
  ///
  /// @param verdict the rule's, or [Verdict#COMPATIBLE] where it does not harm, but must be told
  /// @param holders whom it concerns, of each tool the version to be named first; empty for a rule
  ///   that needs none
  /// @param remark said after the rule's reason; may be empty
  void add(
      Rule rule,
      Verdict verdict,
      List<ConsumerRef> holders,
      EventCase event,
      Change change,
      String remark) {
    if (holders.isEmpty()) {
      entry(rule, verdict, null, event, change, remark);
    }
    for (ConsumerRef holder : holders) {
      List<String> versions = entry(rule, verdict, holder, event, change, remark).versions;
      if (!versions.contains(holder.version())) {
        versions.add(holder.version());
      }
    }
  }

  private Entry entry(
      Rule rule,
      Verdict verdict,
      @Nullable ConsumerRef consumer,
      EventCase event,
      Change change,
      String remark) {
    Key key =
        new Key(
            verdict == Verdict.COMPATIBLE,
            consumer == null ? "" : consumer.name(),
            rule.access(),
            event.name(),
            change);
    return entries.computeIfAbsent(
        key,
        _ ->
            new Entry(finding(rule, verdict, consumer, event, change, remark), new ArrayList<>(1)));
  }

  private Finding finding(
      Rule rule,
      Verdict verdict,
      @Nullable ConsumerRef consumer,
      EventCase event,
      Change change,
      String remark) {
    Optional<Waiver> waiver =
        verdict == Verdict.COMPATIBLE
            ? Optional.empty()
            : waivers.find(consumer, event.name(), change);
    Function<String, String> filled =
        sentence ->
            Rule.fill(
                sentence,
                consumer == null ? "" : consumer.name(),
                event.name().toString(),
                change.field());
    return new Finding(
        waiver.isPresent() ? Verdict.WAIVED : verdict,
        consumer,
        rule.access(),
        event.name(),
        event.stability(),
        change,
        filled.apply(rule.why()) + (remark.isEmpty() ? "" : " " + filled.apply(remark)),
        verdict == Verdict.BREAK ? filled.apply(rule.mending()) : "",
        verdict == Verdict.REVIEW ? filled.apply(rule.mending()) : "",
        waiver.map(Waiver::name).orElse(""),
        event.hint(change.field(), change.occurrence()));
  }

  /// All of them, the worst first.
  List<Finding> sorted() {
    return entries.values().stream().map(FindingList::told).sorted(WORST_FIRST).toList();
  }

  private static Finding told(Entry entry) {
    Finding finding = entry.finding;
    if (entry.versions.size() < 2) {
      return finding;
    }
    return new Finding(
        finding.verdict(),
        finding.consumer(),
        finding.access(),
        finding.event(),
        finding.stability(),
        finding.change(),
        finding.explanation()
            + (entry.versions.size() == 2 ? " So does version " : " So do versions ")
            + String.join(", ", entry.versions.subList(1, entry.versions.size()))
            + ".",
        finding.remedy(),
        finding.question(),
        finding.waiver(),
        finding.hint());
  }

  private static String consumer(Finding finding) {
    ConsumerRef consumer = finding.consumer();
    return consumer == null ? "" : consumer.name() + " " + consumer.version();
  }
}
