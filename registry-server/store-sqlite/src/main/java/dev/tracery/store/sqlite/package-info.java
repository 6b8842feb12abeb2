/// The embedded store: one SQLite file that belongs to one process at a time. What is acknowledged
/// is on disk (`docs/decisions/0301-sqlite-store.md`).
@NullMarked
package dev.tracery.store.sqlite;

import org.jspecify.annotations.NullMarked;
