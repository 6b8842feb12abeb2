package dev.tracery.registry.policy;

/// How an installed bridge stands to a field that a kernel does not have.
///
/// @param fills whether it fills it
/// @param explanation what from, or why not
public record BridgeFit(boolean fills, String explanation) {}
