package dev.tracery.trace;

/// A ring buffer of the trace: the kernel's own, or an instance's.
///
/// @param name empty for the kernel's own
/// @param clock of its timestamps: `local`, `mono`, `x86-tsc`, …; empty where the input does not
///   say
/// @param cpus how many CPUs it has pages of
public record TraceBuffer(String name, String clock, int cpus) {}
