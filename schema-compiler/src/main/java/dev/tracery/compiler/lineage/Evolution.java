package dev.tracery.compiler.lineage;

/// What became of a lineage when it met a layout.
///
/// @param version the version that the layout's records become
/// @param isNew whether the version was made for this layout; otherwise the lineage had it already
public record Evolution(SchemaVersion version, boolean isNew) {}
