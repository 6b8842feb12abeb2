package dev.tracery.consumer;

import java.util.List;

/// One need. It holds on a kernel while one of its uses does.
///
/// @param anyOf the ways to fulfil it, the preferred one first; at least one
/// @param optional whether the tool runs without it
public record Requirement(List<EventUse> anyOf, boolean optional) {

  public Requirement {
    anyOf = List.copyOf(anyOf);
  }
}
