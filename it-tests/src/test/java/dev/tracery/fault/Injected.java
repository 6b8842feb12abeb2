package dev.tracery.fault;

/// A fault that was made.
///
/// @param number in the plan, from 1
/// @param begin milliseconds since the run began
/// @param end when it was healed, the same
/// @param note what else there is to say; may be empty
record Injected(int number, String fault, long begin, long end, String note) {}
