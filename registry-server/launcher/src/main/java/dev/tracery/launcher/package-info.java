/// The `tracery serve` process: reads options and configuration, starts the bundles of a
/// distribution in an embedded Felix, says where the registry listens, and offers the sample
/// kernels on the first start.
@NullMarked
package dev.tracery.launcher;

import org.jspecify.annotations.NullMarked;
