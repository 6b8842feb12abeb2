package dev.tracery.client;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import java.util.function.Supplier;

/// One event of a kernel that is registered.
///
/// @param event its name
/// @param id the `ID:` of its format file
/// @param layoutHash the SHA-256 of the format's canonical form
/// @param text the format file, whole; asked for only where the registry does not know the layout
public record EventSource(EventName event, int id, Sha256 layoutHash, Supplier<byte[]> text) {}
