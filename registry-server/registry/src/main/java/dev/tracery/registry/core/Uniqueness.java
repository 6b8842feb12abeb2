package dev.tracery.registry.core;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.registry.index.SystemEntry;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;

/// Whether each event, system and id of a kernel is given once.
///
/// @param findings to which goes what is given twice
record Uniqueness(PendingKernel kernel, Findings findings) {

  void check() {
    BitSet ids = new BitSet();
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
        checkId(event.event(), event.id(), event.file(), ids);
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
          int id = system.firstId() + entry.relativeId(i);
          if (ids.get(id)) {
            EventName event = entry.layout(i).event().name();
            checkId(event, id, event + "/format", ids);
          } else {
            ids.set(id);
          }
        }
      }
      before = system.name();
    }
  }

  private void checkId(EventName event, int id, String file, BitSet ids) {
    if (ids.get(id)) {
      error(
          file,
          "DUPLICATE_ID",
          event + " has the id " + id + ", which is that of " + firstWith(id),
          "an id names one event of a kernel; are the formats of one boot?");
    } else {
      ids.set(id);
    }
  }

  private EventName firstWith(int id) {
    return kernel.events().stream()
        .filter(event -> event.id() == id)
        .map(PendingEvent::event)
        .findFirst()
        .or(() ->
            kernel.systems().stream()
                .flatMap(system ->
                    IntStream.range(0, system.entry().size())
                        .filter(i -> system.firstId() + system.entry().relativeId(i) == id)
                        .mapToObj(i -> system.entry().layout(i).event().name()))
                .findFirst())
        .orElseThrow();
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
