/// PostgreSQL for tests and benchmarks: a real server from the distribution's package.
@NullMarked
package dev.tracery.store.postgres.testing;

import org.jspecify.annotations.NullMarked;
