package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.registry.Compatibility.Stability;
import dev.tracery.registry.Registry.Change;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.EventChanges;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One event of two kernels, as far as one judgement is concerned. Not thread-safe.
final class EventCase {

  private final EventName name;
  private final Stability stability;
  private final KernelView before;
  private final KernelView after;
  private final Optional<EventChanges> changes;
  private final List<Change> all;
  private final Optional<Sha256> hashBefore;
  private final Optional<Sha256> hashAfter;
  private @Nullable Layout layoutBefore;
  private @Nullable Layout layoutAfter;

  /// @param common what changed of the fields that all events have, and of the architecture
  EventCase(
      EventName name,
      Stability stability,
      KernelView before,
      KernelView after,
      Optional<EventChanges> changes,
      List<Change> common) {
    this.name = name;
    this.stability = stability;
    this.before = before;
    this.after = after;
    this.changes = changes;
    this.hashBefore = before.layoutHash(name);
    this.hashAfter = after.layoutHash(name);
    all = new ArrayList<>(changes.map(EventChanges::changes).orElse(List.of()));
    if (hashBefore.isPresent() && hashAfter.isPresent() && !hashBefore.equals(hashAfter)) {
      all.addAll(common);
    }
  }

  EventName name() {
    return name;
  }

  Stability stability() {
    return stability;
  }

  KernelView before() {
    return before;
  }

  KernelView after() {
    return after;
  }

  /// Its own changes, then those that all events share.
  List<Change> changes() {
    return all;
  }

  /// What differs in the names of values and the text.
  Optional<EventChanges> detail() {
    return changes;
  }

  boolean differs() {
    return !hashBefore.equals(hashAfter) || !all.isEmpty();
  }

  Optional<Sha256> hashBefore() {
    return hashBefore;
  }

  Optional<Sha256> hashAfter() {
    return hashAfter;
  }

  @Nullable Layout layoutBefore() {
    if (layoutBefore == null) {
      layoutBefore = before.layout(name).orElse(null);
    }
    return layoutBefore;
  }

  @Nullable Layout layoutAfter() {
    if (layoutAfter == null) {
      layoutAfter = after.layout(name).orElse(null);
    }
    return layoutAfter;
  }

  /// What the event, or the field of this name, may have become; empty if nothing suggests it.
  String hint(String field, int occurrence) {
    for (Change change : all) {
      boolean event = change.kind() == ChangeKind.EVENT_RENAMED && field.isEmpty();
      boolean renamed =
          change.kind() == ChangeKind.FIELD_RENAMED
              && change.field().equals(field)
              && change.occurrence() == occurrence;
      if (event || renamed) {
        return "perhaps renamed to " + change.to();
      }
    }
    return "";
  }
}
