package dev.tracery.registry.core;

import dev.tracery.model.Sha256;
import dev.tracery.v1.KernelTypes;

/// What the BTF of a kernel that is being registered says: checked, and sorted by name.
///
/// @param hash the content's fingerprint
record GivenTypes(KernelTypes types, Sha256 hash) {}
