package dev.tracery.translate;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.EventName;

/// One event of a kernel, with what its text needs.
///
/// @param name the event
/// @param layout what its format says
public record EventLayout(EventName name, Layout layout) {}
