/// What differs between two layouts, two schema versions and two kernels, in the ABI policy's
/// change kinds. Says what changed, not whether it matters.
@NullMarked
package dev.tracery.registry.diff;

import org.jspecify.annotations.NullMarked;
