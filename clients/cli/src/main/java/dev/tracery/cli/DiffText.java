package dev.tracery.cli;

import dev.tracery.v1.Change;
import dev.tracery.v1.ChangeKind;
import dev.tracery.v1.DiffKernelsResponse;
import dev.tracery.v1.EventDiff;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// Writes differences for people: what all events share first, then the events that changed, then
/// those that are new and gone, then how many there are of each kind.
final class DiffText {

  /// Longer pairs of old and new get a line each.
  private static final int ONE_LINE = 88;

  private final Output out;
  private final Palette palette;
  private final Map<ChangeKind, Integer> counts = new EnumMap<>(ChangeKind.class);

  DiffText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  /// The differences of two kernels.
  void write(DiffKernelsResponse diff) {
    if (diff.getCommonChangesCount() > 0) {
      out.line(palette.heading("common fields"));
      diff.getCommonChangesList().forEach(this::change);
      out.line("");
    }
    for (EventDiff event : diff.getEventsList()) {
      if (!isWhole(event)) {
        event(event);
        out.line("");
      }
    }
    whole(diff.getEventsList(), ChangeKind.CHANGE_KIND_EVENT_ADDED);
    whole(diff.getEventsList(), ChangeKind.CHANGE_KIND_EVENT_REMOVED);
    long changed = diff.getEventsList().stream().filter(event -> !isWhole(event)).count();
    out.line(
        Terms.count(changed, "event")
            + " changed, "
            + counts.getOrDefault(ChangeKind.CHANGE_KIND_EVENT_ADDED, 0)
            + " added, "
            + counts.getOrDefault(ChangeKind.CHANGE_KIND_EVENT_REMOVED, 0)
            + " removed, "
            + diff.getUnchanged()
            + " unchanged");
    summary();
  }

  /// The differences of two schema versions.
  void write(EventDiff diff) {
    if (diff.getChangesCount() == 0) {
      out.line("no differences");
      return;
    }
    event(diff);
  }

  private void event(EventDiff event) {
    String versions =
        event.getFromVersion() == event.getToVersion()
            ? "version " + event.getToVersion()
            : "version " + event.getFromVersion() + " -> " + event.getToVersion();
    out.line(palette.heading(Terms.printable(event.getEvent())) + " (" + versions + ")");
    event.getChangesList().forEach(this::change);
  }

  private void change(Change change) {
    counts.merge(change.getKind(), 1, Integer::sum);
    String from = Terms.printable(change.getFrom());
    String to = Terms.printable(change.getTo());
    String word = ChangeWord.of(change.getKind()).one();
    String subject =
        change.getField().isEmpty()
            ? word
            : Terms.printable(change.getField())
                + (change.getOccurrence() > 0 ? " (" + (change.getOccurrence() + 1) + ")" : "")
                + " "
                + word;
    switch (change.getKind()) {
      case CHANGE_KIND_EVENT_ADDED, CHANGE_KIND_FIELD_ADDED, CHANGE_KIND_COMMON_FIELD_ADDED ->
          out.line(palette.added("  + " + (to.isEmpty() ? subject : to)));
      case CHANGE_KIND_EVENT_REMOVED, CHANGE_KIND_FIELD_REMOVED, CHANGE_KIND_COMMON_FIELD_REMOVED ->
          out.line(palette.removed("  - " + (from.isEmpty() ? subject : from)));
      // Why so: it follows what was removed.
      case CHANGE_KIND_EVENT_RENAMED, CHANGE_KIND_FIELD_RENAMED ->
          out.line(palette.changed("      " + word + " to " + to));
      default -> values(subject, from, to);
    }
  }

  /// An old and a new value; one that is empty is not shown.
  private void values(String subject, String from, String to) {
    if (from.isEmpty() && to.isEmpty()) {
      out.line(palette.changed("  ~ " + subject));
    } else if (!from.isEmpty()
        && !to.isEmpty()
        && subject.length() + from.length() + to.length() <= ONE_LINE) {
      out.line(palette.changed("  ~ " + subject + ": " + from + " -> " + to));
    } else {
      out.line(palette.changed("  ~ " + subject + ":"));
      if (!from.isEmpty()) {
        out.line(palette.removed("      - " + from));
      }
      if (!to.isEmpty()) {
        out.line(palette.added("      + " + to));
      }
    }
  }

  /// Lists the events that came or went as a whole.
  private void whole(List<EventDiff> events, ChangeKind kind) {
    List<EventDiff> those =
        events.stream().filter(event -> isWhole(event) && kindOf(event) == kind).toList();
    if (those.isEmpty()) {
      return;
    }
    counts.put(kind, those.size());
    boolean added = kind == ChangeKind.CHANGE_KIND_EVENT_ADDED;
    out.line(palette.heading(ChangeWord.of(kind).many()));
    for (EventDiff event : those) {
      String name = Terms.printable(event.getEvent());
      out.line(added ? palette.added("  + " + name) : palette.removed("  - " + name));
      // What it may have become follows that it is gone.
      event.getChangesList().stream().skip(1).forEach(this::change);
    }
    out.line("");
  }

  private void summary() {
    counts.forEach((kind, count) -> {
      if (kind != ChangeKind.CHANGE_KIND_EVENT_ADDED
          && kind != ChangeKind.CHANGE_KIND_EVENT_REMOVED) {
        out.line(String.format("  %-28s%6d", ChangeWord.of(kind).many(), count));
      }
    });
  }

  private static boolean isWhole(EventDiff event) {
    ChangeKind kind = kindOf(event);
    return kind == ChangeKind.CHANGE_KIND_EVENT_ADDED
        || kind == ChangeKind.CHANGE_KIND_EVENT_REMOVED;
  }

  private static ChangeKind kindOf(EventDiff event) {
    return event.getChangesCount() == 0
        ? ChangeKind.CHANGE_KIND_UNSPECIFIED
        : event.getChanges(0).getKind();
  }
}
