/// The registry's state in memory: a fold of the log. Additive; every element carries the revision
/// at which it appeared, so that reading at an earlier revision is leaving out what came later.
@NullMarked
package dev.tracery.registry.index;

import org.jspecify.annotations.NullMarked;
