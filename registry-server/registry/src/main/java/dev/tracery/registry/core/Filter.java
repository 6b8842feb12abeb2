package dev.tracery.registry.core;

import dev.tracery.model.Glob;
import dev.tracery.registry.RegistryException;

/// A request's `filter`.
final class Filter {

  private Filter() {}

  /// The glob that it is; an empty one matches everything.
  static Glob glob(String filter) {
    try {
      return Glob.of(filter);
    } catch (IllegalArgumentException e) {
      throw new RegistryException(
          RegistryException.Code.INVALID_ARGUMENT, "filter", "filter: " + e.getMessage());
    }
  }
}
