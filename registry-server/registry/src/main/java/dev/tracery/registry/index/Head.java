package dev.tracery.registry.index;

/// How far the log has been folded, and what there was then.
///
/// @param revision the latest revision, 0 for the empty log
/// @param layouts different ones, whatever number of events share them
/// @param learned layouts of events that came with a negotiation
/// @param typed kernels whose BTF is known
public record Head(
    long revision,
    int kernels,
    int events,
    int schemaVersions,
    int layouts,
    int learned,
    int typed) {

  static final Head EMPTY = new Head(0, 0, 0, 0, 0, 0, 0);
}
