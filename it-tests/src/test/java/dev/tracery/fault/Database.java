package dev.tracery.fault;

import dev.tracery.client.TcpProxy;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// A PostgreSQL that syncs to disk, by itself or with a replica that streams from it and can take
/// its place. Servers reach it by ways of their own, which stay when the place changes.
final class Database implements Closeable {

  private static final String HOST = "127.0.0.1";

  /// What there is beside the server that takes writes.
  enum Replica {
    NONE,
    /// A commit waits until the replica has it.
    SYNCHRONOUS,
    /// Nobody waits.
    ASYNCHRONOUS
  }

  /// How one server reaches the database.
  ///
  /// @param options of `tracery serve`
  /// @param proxies one for each place
  record Way(List<String> options, List<TcpProxy> proxies) {}

  private final Replica kind;
  private final Path passwordFile;
  private final String name;
  private final List<Way> ways = new ArrayList<>();

  /// Who is where: the second place is empty where there is no replica.
  private final List<TestPostgres> places = new ArrayList<>();

  private int primary;

  /// @param folder for the password
  Database(Replica kind, Path folder) throws IOException {
    this.kind = kind;
    Files.createDirectories(folder);
    this.passwordFile =
        Files.createFile(
            folder.resolve("password"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(passwordFile, TestPostgres.PASSWORD);
    // Why: a replica that was cut off looks for its server this often.
    TestPostgres first =
        TestPostgres.options().fsync().set("wal_retrieve_retry_interval", "500ms").start();
    places.add(first);
    try {
      this.name = first.newDatabase();
      makeReplica();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /// A way for another server.
  Way newWay() throws IOException {
    List<TcpProxy> proxies = new ArrayList<>();
    List<String> hosts = new ArrayList<>();
    for (TestPostgres place : places) {
      TcpProxy proxy = new TcpProxy(HOST, place.port());
      proxies.add(proxy);
      hosts.add(proxy.address());
    }
    String url = "postgres://" + TestPostgres.ROLE + "@" + String.join(",", hosts) + "/" + name;
    Way way =
        new Way(List.of("--store", url, "--store-password-file", passwordFile.toString()), proxies);
    ways.add(way);
    return way;
  }

  void stop() {
    primary().stop();
  }

  void stopImmediately() {
    primary().stopImmediately();
  }

  void start() {
    primary().start();
  }

  void pause() {
    primary().pause();
  }

  void resume() {
    primary().resume();
  }

  void pauseReplica() {
    replica().pause();
  }

  void resumeReplica() {
    replica().resume();
  }

  /// Stops the server that takes writes, and has the replica take its place: one that has all that
  /// was acknowledged, as whoever watches over databases makes sure.
  void promote() {
    if (kind == Replica.SYNCHRONOUS) {
      primary().waitForReplicas(1);
    }
    primary().stopImmediately();
    replica().promote();
    swap();
  }

  /// The same with a replica that was paused, and lacks what was written since.
  void promoteAsItIs() {
    primary().stopImmediately();
    // Why killed: what it was sent while it was paused it would still find in its connection.
    replica().kill();
    replica().start();
    replica().promote();
    swap();
  }

  private void swap() {
    primary().close();
    primary = 1 - primary;
  }

  /// Puts a new replica into the empty place.
  void makeReplica() {
    if (kind == Replica.NONE) {
      return;
    }
    TestPostgres replica = primary().newReplica();
    if (places.size() == 1) {
      places.add(replica);
    } else {
      places.set(1 - primary, replica);
      ways.forEach(way -> way.proxies.get(1 - primary).leadTo(HOST, replica.port()));
    }
    if (kind == Replica.SYNCHRONOUS) {
      primary().waitForReplicas(1);
    }
  }

  private TestPostgres primary() {
    return places.get(primary);
  }

  private TestPostgres replica() {
    return places.get(1 - primary);
  }

  @Override
  public void close() {
    places.forEach(TestPostgres::close);
  }
}
