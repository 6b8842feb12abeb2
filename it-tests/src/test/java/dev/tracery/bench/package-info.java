/// What Tracery costs, beside what its peers cost in the same run. [Benchmarks] runs them; no test
/// does.
@NullMarked
package dev.tracery.bench;

import org.jspecify.annotations.NullMarked;
