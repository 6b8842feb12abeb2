package dev.tracery.fault;

import java.util.List;

/// All that is known of a run.
///
/// @param servers what each server has in the end, and again after it was restarted
/// @param surprises what happened and must not, beside answers
/// @param badAnswers answers that no server may give which has lost nothing
/// @param mayLose whether acknowledged writes may be lost: the database was replaced by one that
///   does not have all of it
record Evidence(
    List<Operation> operations,
    List<Seen> seen,
    List<ServerState> servers,
    List<String> surprises,
    List<String> badAnswers,
    boolean mayLose) {}
