package dev.tracery.consumer;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// How a field is used.
///
/// @param names alternatives, the preferred one first; empty only for [AccessClass#BY_OFFSET]
/// @param optional whether the tool runs without it
/// @param interpretsValues whether the tool gives the values a meaning of its own
/// @param occurrence which of the fields of that name, from 0
/// @param place where the bytes are; never null for [AccessClass#BY_OFFSET]
/// @param nameMatters [AccessClass#BY_OFFSET]: whether the name is locked, too
public record FieldUse(
    List<String> names,
    boolean optional,
    boolean interpretsValues,
    int occurrence,
    @Nullable Place place,
    boolean nameMatters) {

  public FieldUse {
    names = List.copyOf(names);
  }

  /// Where a field's bytes are.
  ///
  /// @param offset bytes from the record's start
  /// @param size bytes, at least 1
  /// @param signed empty where the sign does not matter
  public record Place(int offset, int size, Optional<Boolean> signed) {}
}
