package dev.tracery.registry.policy;

import dev.tracery.registry.Registry.Change;

/// A change that concerns what a use claims.
///
/// @param change with both declarations of the field, where it is one's
/// @param optional whether only something is concerned that the tool runs without
record Touch(Change change, boolean optional) {}
