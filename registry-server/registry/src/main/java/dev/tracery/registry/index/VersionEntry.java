package dev.tracery.registry.index;

import com.google.protobuf.ByteString;

/// One schema version.
///
/// @param ordinal the entry's place among all of the log, from 0
/// @param event whose
/// @param number from 1
/// @param revision at which it appeared
/// @param content a serialized `SchemaContent`, parsed when it is used
public record VersionEntry(
    int ordinal, EventEntry event, int number, long revision, ByteString content) {}
