package dev.tracery.registry.policy;

import dev.tracery.consumer.EventUse;
import dev.tracery.registry.Registry.Change;
import java.util.List;

/// What is remembered of one use.
///
/// @param fits how it stood
/// @param touches which changes touched it
/// @param otherNames which fields it found under another name, where it goes by offsets
record UseMemo(FitMemo fits, ChangeMemo<List<Touch>> touches, ChangeMemo<List<Change>> otherNames) {

  UseMemo() {
    this(new FitMemo(), new ChangeMemo<>(), new ChangeMemo<>());
  }

  /// Whether how the use stands depends on nothing but the event's layout.
  static boolean isByLayout(EventUse use) {
    return use.referenceLayout() == null
        && switch (use.access()) {
          case BY_NAME, BY_OFFSET, POSITIONAL, PRINT_TEXT -> true;
          case BTF_STRUCT, RAW_ARGS, PINNED_KERNEL -> false;
        };
  }
}
