package dev.tracery.fault;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Servers over one log, and what can be done to them.
final class Cluster implements Closeable {

  private static final long SLOW_MILLIS = 40;

  private final List<Node> nodes = new ArrayList<>();
  private final @Nullable Database database;

  /// One server over a file.
  Cluster(Path folder, History history) throws IOException {
    this.database = null;
    nodes.add(new Node(1, folder.resolve("server-1"), List.of(), List.of(), history));
  }

  /// Servers over a database, which is closed with this.
  Cluster(Path folder, int servers, Database database, History history) throws IOException {
    this.database = database;
    try {
      for (int number = 1; number <= servers; number++) {
        Database.Way way = database.newWay();
        nodes.add(
            new Node(
                number, folder.resolve("server-" + number), way.options(), way.proxies(), history));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  List<Node> nodes() {
    return nodes;
  }

  /// All servers, as a client is told of them.
  String addresses() {
    return nodes.stream().map(Node::address).collect(Collectors.joining(","));
  }

  /// Begins a fault.
  void begin(Fault fault) throws InterruptedException {
    Node node = nodes.get(fault.server());
    switch (fault.kind()) {
      case KILL_SERVER -> node.kill();
      case STOP_SERVER -> node.stop();
      case PAUSE_SERVER -> node.pause();
      case CUT_CLIENTS -> node.fromClients().cut();
      case REFUSE_CLIENTS -> node.fromClients().refuse();
      case SILENCE_CLIENTS -> node.fromClients().silence();
      case CUT_DATABASE -> node.toDatabase().forEach(proxy -> proxy.cut());
      case REFUSE_DATABASE -> node.toDatabase().forEach(proxy -> proxy.refuse());
      case SILENCE_DATABASE -> node.toDatabase().forEach(proxy -> proxy.silence());
      case SLOW_DATABASE -> node.toDatabase().forEach(proxy -> proxy.delay(SLOW_MILLIS));
      case STOP_DATABASE -> database().stop();
      case KILL_DATABASE -> database().stopImmediately();
      case PAUSE_DATABASE -> database().pause();
      case PAUSE_REPLICA, LET_REPLICA_FALL_BEHIND -> database().pauseReplica();
      case PROMOTE_REPLICA -> database().promote();
    }
  }

  /// Ends it.
  ///
  /// @return what else there is to say; may be empty
  String end(Fault fault) throws InterruptedException {
    Node node = nodes.get(fault.server());
    switch (fault.kind()) {
      case KILL_SERVER, STOP_SERVER -> {
        int failures = node.start();
        return failures == 0 ? "" : "it ended " + failures + " times before it served";
      }
      case PAUSE_SERVER -> node.resume();
      case CUT_CLIENTS, REFUSE_CLIENTS, SILENCE_CLIENTS -> node.fromClients().restore();
      case CUT_DATABASE, REFUSE_DATABASE, SILENCE_DATABASE, SLOW_DATABASE ->
          node.toDatabase().forEach(proxy -> proxy.restore());
      case STOP_DATABASE, KILL_DATABASE -> database().start();
      case PAUSE_DATABASE -> database().resume();
      case PAUSE_REPLICA -> database().resumeReplica();
      case LET_REPLICA_FALL_BEHIND -> {
        database().promoteAsItIs();
        database().makeReplica();
      }
      case PROMOTE_REPLICA -> database().makeReplica();
    }
    return "";
  }

  private Database database() {
    if (database == null) {
      throw new IllegalStateException("there is no database");
    }
    return database;
  }

  @Override
  public void close() throws IOException {
    for (Node node : nodes) {
      node.close();
    }
    if (database != null) {
      database.close();
    }
  }
}
