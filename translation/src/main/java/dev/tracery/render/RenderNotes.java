package dev.tracery.render;

import dev.tracery.model.EventName;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which events were rendered as raw fields because their print format could not be evaluated, and
/// why: the first reason of each event. Not thread-safe.
public final class RenderNotes {

  private final Map<EventName, String> reasons = new LinkedHashMap<>();

  /// Notes an event, if that was not done before.
  ///
  /// @param reason what is missing: `the size of struct page`
  public void add(EventName event, String reason) {
    reasons.putIfAbsent(event, reason);
  }

  /// The reasons by event, in the order they were found.
  public Map<EventName, String> reasons() {
    return new LinkedHashMap<>(reasons);
  }
}
