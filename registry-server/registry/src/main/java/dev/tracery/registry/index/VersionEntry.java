package dev.tracery.registry.index;

import com.google.protobuf.ByteString;

/// One schema version.
///
/// @param event whose
/// @param number from 1
/// @param revision at which it appeared
/// @param content a serialized `SchemaContent`, parsed when it is used
public record VersionEntry(EventEntry event, int number, long revision, ByteString content) {}
