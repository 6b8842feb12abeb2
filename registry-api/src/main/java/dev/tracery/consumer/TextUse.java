package dev.tracery.consumer;

import java.util.List;

/// What of an event's text is read.
public sealed interface TextUse {

  /// What this regular expression (RE2 syntax) finds.
  record Pattern(String regex) implements TextUse {}

  /// The text behind `key=`.
  record Keys(List<String> keys) implements TextUse {
    public Keys {
      keys = List.copyOf(keys);
    }
  }

  /// All of it, to the letter.
  record Whole() implements TextUse {}
}
