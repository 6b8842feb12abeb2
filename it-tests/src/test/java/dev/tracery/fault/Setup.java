package dev.tracery.fault;

import dev.tracery.fault.Fault.Kind;
import dev.tracery.fault.FaultPlan.Times;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// What a run is made of.
enum Setup {
  /// One server over a file, killed in the middle of writes.
  SQLITE(1, Times.OF_KILLS, List.of(Kind.KILL_SERVER)),
  /// Three servers over one PostgreSQL.
  POSTGRES(3, Times.OF_CLUSTER, kindsOf(Fault.Part.SERVER, Fault.Part.DATABASE)),
  /// The same with a replica for which every commit waits, and which takes the database's place.
  REPLICA(3, Times.OF_CLUSTER, kindsOf(Fault.Part.values())),
  /// The same with a replica for which nobody waits, so that acknowledged writes are lost.
  LAGGING_REPLICA(
      3,
      Times.OF_CLUSTER,
      List.of(Kind.LET_REPLICA_FALL_BEHIND, Kind.KILL_SERVER, Kind.CUT_DATABASE));

  private final int servers;
  private final Times times;
  private final List<Kind> kinds;

  Setup(int servers, Times times, List<Kind> kinds) {
    this.servers = servers;
    this.times = times;
    this.kinds = kinds;
  }

  private static List<Kind> kindsOf(Fault.Part... parts) {
    return Arrays.stream(Kind.values())
        .filter(kind -> Arrays.asList(parts).contains(kind.part()))
        .filter(kind -> kind != Kind.LET_REPLICA_FALL_BEHIND)
        .toList();
  }

  /// Whether acknowledged writes may be lost.
  boolean mayLose() {
    return this == LAGGING_REPLICA;
  }

  /// What goes wrong, drawn by `seed`.
  FaultPlan plan(long seed, int faults) {
    return FaultPlan.of(seed, faults, kinds, servers, times);
  }

  /// Starts everything.
  Cluster start(Path folder, History history) throws IOException {
    return switch (this) {
      case SQLITE -> new Cluster(folder, history);
      case POSTGRES -> cluster(folder, Database.Replica.NONE, history);
      case REPLICA -> cluster(folder, Database.Replica.SYNCHRONOUS, history);
      case LAGGING_REPLICA -> cluster(folder, Database.Replica.ASYNCHRONOUS, history);
    };
  }

  private Cluster cluster(Path folder, Database.Replica replica, History history)
      throws IOException {
    return new Cluster(folder, servers, new Database(replica, folder), history);
  }
}
