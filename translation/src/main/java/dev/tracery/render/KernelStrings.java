package dev.tracery.render;

import org.jspecify.annotations.Nullable;

/// The kernel's constant strings that records point to. Thread-safe.
public interface KernelStrings {

  /// The string at an address, C escapes decoded; not to be changed.
  ///
  /// @return null if it is not known
  byte @Nullable [] at(long address);
}
