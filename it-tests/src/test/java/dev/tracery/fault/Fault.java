package dev.tracery.fault;

import java.util.Locale;

/// One thing that goes wrong for a while.
///
/// @param server which one, from 0; where the fault is not of a server it means nothing
/// @param millis how long it lasts
record Fault(Kind kind, int server, long millis) {

  /// What is there, and so can fail.
  enum Part {
    SERVER,
    DATABASE,
    REPLICA
  }

  /// What goes wrong.
  enum Kind {
    KILL_SERVER(Part.SERVER, "kill -9 server %d, start it again"),
    STOP_SERVER(Part.SERVER, "stop server %d in peace, start it again"),
    PAUSE_SERVER(Part.SERVER, "pause server %d"),
    CUT_CLIENTS(Part.SERVER, "cut the clients of server %d"),
    REFUSE_CLIENTS(Part.SERVER, "refuse the clients of server %d"),
    SILENCE_CLIENTS(Part.SERVER, "hold back what server %d and its clients say"),
    CUT_DATABASE(Part.DATABASE, "cut server %d from the database, at once back"),
    REFUSE_DATABASE(Part.DATABASE, "keep server %d away from the database"),
    SILENCE_DATABASE(Part.DATABASE, "hold back what server %d and the database say"),
    SLOW_DATABASE(Part.DATABASE, "slow down what server %d and the database say"),
    STOP_DATABASE(Part.DATABASE, "stop the database in peace, start it again"),
    KILL_DATABASE(Part.DATABASE, "stop the database at once, start it again"),
    PAUSE_DATABASE(Part.DATABASE, "pause the database"),
    PAUSE_REPLICA(Part.REPLICA, "pause the replica"),
    /// Only where losses are allowed.
    LET_REPLICA_FALL_BEHIND(
        Part.REPLICA, "pause the replica, then stop the database for ever and promote the replica"),
    PROMOTE_REPLICA(Part.REPLICA, "stop the database at once and for ever, promote the replica");

    private final Part part;
    private final String text;

    Kind(Part part, String text) {
      this.part = part;
      this.text = text;
    }

    /// What must be there for it.
    Part part() {
      return part;
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, kind.text, server + 1)
        + String.format(Locale.ROOT, ", %.1f s", millis / 1e3);
  }
}
