package dev.tracery.consumer;

import java.util.List;

/// A version of a tool and what it needs.
///
/// @param name 1 to 100 printable characters without blanks
/// @param version the same
/// @param source where the requirements were read from, for people; may be empty
/// @param requirements at least one
public record Consumer(String name, String version, String source, List<Requirement> requirements) {

  public Consumer {
    requirements = List.copyOf(requirements);
  }
}
