package dev.tracery.grpc;

import dev.tracery.consumer.AccessClass;
import dev.tracery.registry.Compatibility.ChangeCount;
import dev.tracery.registry.Compatibility.ConsumerRef;
import dev.tracery.registry.Compatibility.Finding;
import dev.tracery.registry.Compatibility.Mode;
import dev.tracery.registry.Compatibility.Report;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Compatibility.Unmet;
import dev.tracery.registry.Compatibility.Verdict;
import dev.tracery.registry.Consumers.Origin;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// Reports of the registry.
final class Judgements {

  static final Finding BREAK =
      new Finding(
          Verdict.BREAK,
          new ConsumerRef("t", "1", Origin.DECLARED, "https://example.org/t"),
          AccessClass.BY_NAME,
          Samples.SWITCH,
          Stability.INTERNAL,
          new Change(ChangeKind.FIELD_REMOVED, "prev_state", 0, "long prev_state", ""),
          "t finds prev_state by its name.",
          "Keep prev_state.",
          "",
          "",
          "perhaps renamed to state");

  private Judgements() {}

  /// A report with `breaks` breaks.
  static Report breaking(int breaks) {
    Unmet unmet =
        new Unmet(
            new ConsumerRef("u", "", Origin.OBSERVED, ""),
            null,
            AccessClass.PINNED_KERNEL,
            "another kernel",
            true);
    return new Report(
        "debian",
        Optional.of(Samples.kernel("aaaaaaaaaaaaaaaa")),
        Samples.kernel("bbbbbbbbbbbbbbbb"),
        Verdict.BREAK,
        Mode.ENFORCE,
        Collections.nCopies(breaks, BREAK),
        breaks,
        List.of(unmet),
        1,
        List.of(unmet, unmet),
        2,
        List.of(
            new ChangeCount(
                ChangeKind.EVENT_ADDED, Verdict.COMPATIBLE, 9, List.of(Samples.SWITCH))),
        12,
        3,
        Instant.ofEpochSecond(77));
  }
}
