/// The store of many servers: a PostgreSQL database orders the log
/// (`docs/decisions/1601-postgres-store.md`).
@NullMarked
package dev.tracery.store.postgres;

import org.jspecify.annotations.NullMarked;
