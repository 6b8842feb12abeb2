package dev.tracery.consumer;

/// How a tool reads an event, and so what it depends on. What each locks is in the ABI policy.
public enum AccessClass {
  /// Parses the format file and finds fields by name.
  BY_NAME,
  /// Hard-codes offsets and sizes.
  BY_OFFSET,
  /// Takes fields by their place.
  POSITIONAL,
  /// Finds fields by name in the BTF struct of the event class.
  BTF_STRUCT,
  /// Parses the text that the print format makes.
  PRINT_TEXT,
  /// A raw tracepoint: takes the tracepoint's parameters.
  RAW_ARGS,
  /// Built for one exact kernel.
  PINNED_KERNEL
}
