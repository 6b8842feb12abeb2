package dev.tracery.registry.index;

import dev.tracery.model.EventName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One event through all kernels: its lineage. Compared by identity; there is one for each event.
public final class EventEntry {

  private final EventName name;
  private final String text;
  private final String messageName;
  private final Appended<VersionEntry> versions = new Appended<>();

  EventEntry(EventName name, String messageName) {
    this.name = name;
    this.text = name.toString();
    this.messageName = messageName;
  }

  public EventName name() {
    return name;
  }

  /// `system/name`.
  public String text() {
    return text;
  }

  /// The full name of the event's message.
  public String messageName() {
    return messageName;
  }

  /// The version of this number, if it was there at `revision`.
  public Optional<VersionEntry> version(int number, long revision) {
    if (number < 1 || number > versions.size()) {
      return Optional.empty();
    }
    return Optional.of(versions.get(number - 1)).filter(v -> v.revision() <= revision);
  }

  /// The latest version that was there at `revision`; empty if the event was not.
  public Optional<VersionEntry> latest(long revision) {
    for (int i = versions.size() - 1; i >= 0; i--) {
      VersionEntry version = versions.get(i);
      if (version.revision() <= revision) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }

  /// The versions that were there at `revision`, version 1 first.
  public List<VersionEntry> versions(long revision) {
    List<VersionEntry> found = new ArrayList<>();
    for (int i = 0; i < versions.size() && versions.get(i).revision() <= revision; i++) {
      found.add(versions.get(i));
    }
    return found;
  }

  /// How many versions there are, in all revisions.
  int versionCount() {
    return versions.size();
  }

  void add(VersionEntry version) {
    versions.add(version);
  }

  @Override
  public String toString() {
    return text;
  }
}
