package dev.tracery.registry.diff;

import dev.tracery.registry.Registry.Change;
import java.util.List;

/// What differs between two layouts.
///
/// @param common changes of what all events of a kernel share: word size, byte order, common fields
/// @param own changes of the event's own
public record LayoutDiff(List<Change> common, List<Change> own) {}
