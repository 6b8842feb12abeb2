package dev.tracery.fault;

import java.util.List;

/// What a server has when all is over.
///
/// @param server which one, and when
/// @param revision by its status
/// @param stateHash of its memory, by its status
/// @param exportHash the SHA-256 of its export
/// @param log its export
/// @param watched its log as a watch from the first revision tells of it
record ServerState(
    String server,
    long revision,
    String stateHash,
    String exportHash,
    List<LoggedCommit> log,
    List<Seen> watched) {}
