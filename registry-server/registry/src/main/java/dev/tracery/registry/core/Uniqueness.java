package dev.tracery.registry.core;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.registry.index.SystemEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Whether each event, system and id of a kernel is given once.
///
/// @param findings to which goes what is given twice
record Uniqueness(PendingKernel kernel, Findings findings) {

  // Why: common_type has 2 bytes in every record.
  private static final int IDS = 0x10000;

  void check() {
    @Nullable EventName[] owners = new EventName[IDS];
    List<PendingEvent> events = kernel.events();
    for (int i = 0; i < events.size(); i++) {
      PendingEvent event = events.get(i);
      if (i > 0 && events.get(i - 1).event().equals(event.event())) {
        error(
            event.file(),
            "DUPLICATE_EVENT",
            event.event() + " is given more than once",
            "a kernel has one format for each event; leave the others out");
      } else {
        own(event.id(), event.event(), event.file(), owners);
      }
    }
    String before = "";
    for (GivenSystem system : kernel.systems()) {
      if (system.name().equals(before) || isListed(system.name())) {
        error(
            system.name(),
            "DUPLICATE_SYSTEM",
            "the system " + system.name() + " is given more than once",
            "give a system by its hash or list its events, once");
      } else {
        SystemEntry entry = system.entry();
        for (int i = 0; i < entry.size(); i++) {
          own(
              system.firstId() + entry.relativeId(i),
              entry.layout(i).event().name(),
              system.name(),
              owners);
        }
      }
      before = system.name();
    }
  }

  private void own(int id, EventName event, String file, @Nullable EventName[] owners) {
    EventName owner = owners[id];
    if (owner == null) {
      owners[id] = event;
    } else {
      error(
          file,
          "DUPLICATE_ID",
          event + " has the id " + id + ", which is that of " + owner,
          "an id names one event of a kernel; are the formats of one boot?");
    }
  }

  private boolean isListed(String system) {
    List<PendingEvent> events = kernel.events();
    int low = 0;
    int high = events.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (events.get(middle).event().system().compareTo(system) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low < events.size() && events.get(low).event().system().equals(system);
  }

  private void error(String file, String code, String message, String hint) {
    findings.add(
        new Diagnostic(Severity.ERROR, code, SourceLocation.inText(file, 0, 0, 0), message, hint));
  }
}
