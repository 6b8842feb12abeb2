package dev.tracery.client;

import java.time.Duration;

/// How fresh an answer of a server is, which answers from memory what it has read of the log.
///
/// @param revision what the server had read; after a write, the write's revision at least
/// @param age how long before the answer it was known that this is all there is
/// @param storeReachable whether the server reaches its store. One that does not refuses writes and
///   goes on answering from memory
public record Freshness(long revision, Duration age, boolean storeReachable) {}
