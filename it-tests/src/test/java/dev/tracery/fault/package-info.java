/// Faults: servers, their database and the connections between them are killed, stopped, paused and
/// cut by a seeded [FaultPlan], while workers write and read. What they were answered is a
/// [History], and the [Checker] proves from it and from what the servers have in the end that every
/// promise was kept. `./run-faults` is the long run.
@NullMarked
package dev.tracery.fault;

import org.jspecify.annotations.NullMarked;
