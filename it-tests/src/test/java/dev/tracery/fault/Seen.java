package dev.tracery.fault;

/// One revision as a watch told of it.
///
/// @param watcher who watched; numbers of workers go on here
/// @param content the SHA-256 of the changes
record Seen(int watcher, long revision, String content) {}
