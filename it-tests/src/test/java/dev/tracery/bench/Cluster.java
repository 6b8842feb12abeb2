package dev.tracery.bench;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.it.Folders;
import dev.tracery.it.ServerProcess;
import dev.tracery.store.postgres.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Registry servers over one PostgreSQL, all on this machine.
final class Cluster implements AutoCloseable {

  // Linux's USER_HZ is 100 wherever there is a JVM.
  private static final double MICROS_OF_A_TICK = 10_000;

  /// What a server and a database need to find each other.
  ///
  /// @param folder for the servers' files
  record Database(TestPostgres postgres, String name, Path folder) {

    /// A server over this database.
    ///
    /// @param settings of `tracery.properties` that are other than by default
    ServerProcess server(String listen, Map<String, String> settings) {
      try {
        Path data = Files.createTempDirectory(folder, "server");
        Path password = data.resolve("password");
        Files.createFile(
            password,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(password, TestPostgres.PASSWORD + "\n");
        StringBuilder config = new StringBuilder();
        new TreeMap<>(settings)
            .forEach((k, v) -> config.append(k).append(" = ").append(v).append('\n'));
        Path file = Files.writeString(data.resolve("tracery.properties"), config);
        return ServerProcess.start(
            data,
            listen,
            "--store",
            postgres.url(name),
            "--store-password-file",
            password.toString(),
            "--config",
            file.toString());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private final Path folder;
  private final TestPostgres postgres;
  private final Database database;
  private final List<ServerProcess> servers = new ArrayList<>();

  private Cluster(Path folder, TestPostgres postgres) {
    this.folder = folder;
    this.postgres = postgres;
    this.database = new Database(postgres, postgres.newDatabase(), folder);
  }

  /// A PostgreSQL that syncs to disk and is as it is by default else, and servers over it.
  ///
  /// @param settings of the servers that are other than by default
  static Cluster start(Path parent, int servers, Map<String, String> settings) throws IOException {
    Path folder = Files.createDirectories(parent.resolve("cluster"));
    Folders.delete(folder);
    Files.createDirectories(folder);
    TestPostgres postgres = TestPostgres.options().fsync().set("shared_buffers", "128MB").start();
    Cluster cluster = new Cluster(folder, postgres);
    try {
      for (int i = 0; i < servers; i++) {
        cluster.servers.add(cluster.database.server("localhost:0", settings));
      }
      return cluster;
    } catch (RuntimeException | Error e) {
      cluster.close();
      throw e;
    }
  }

  TestPostgres postgres() {
    return postgres;
  }

  Database database() {
    return database;
  }

  /// Another database of the same PostgreSQL, which is empty.
  Database newDatabase() {
    return new Database(postgres, postgres.newDatabase(), folder);
  }

  List<ServerProcess> servers() {
    return servers;
  }

  List<String> addresses() {
    return servers.stream().map(ServerProcess::address).toList();
  }

  /// A client of one of the servers.
  TraceryClient client(int server) {
    return TraceryClient.connect(servers.get(server).address(), ClientOptions.defaults());
  }

  /// Ends a server as `kill -9` does.
  void kill(int server) throws InterruptedException {
    servers.get(server).kill();
  }

  /// Starts a server that was killed again, where it was.
  void restart(int server) {
    servers.set(server, database.server(servers.get(server).address(), Map.of()));
  }

  /// Processor time of all servers that run, in microseconds.
  double serversCpu() {
    return servers.stream().mapToDouble(server -> cpu(server.process().toHandle())).sum();
  }

  /// Processor time of the database, in microseconds: of its processes, those that have ended, too.
  double databaseCpu() throws IOException {
    long first =
        Long.parseLong(Files.readAllLines(postgres.data().resolve("postmaster.pid")).getFirst());
    ProcessHandle postmaster = ProcessHandle.of(first).orElseThrow();
    String stat = Files.readString(Path.of("/proc", Long.toString(first), "stat"));
    // proc(5): after the name in parentheses come the fields from the third; the 16th and 17th are
    // the time of ended children, in ticks.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    double ended = (Long.parseLong(fields[13]) + Long.parseLong(fields[14])) * MICROS_OF_A_TICK;
    return ended + cpu(postmaster) + postmaster.children().mapToDouble(Cluster::cpu).sum();
  }

  private static double cpu(ProcessHandle process) {
    return process.info().totalCpuDuration().map(time -> time.toNanos() / 1e3).orElse(0.0);
  }

  @Override
  public void close() {
    servers.forEach(ServerProcess::close);
    postgres.close();
    try {
      Folders.delete(folder);
    } catch (IOException e) {
      System.err.println("left behind: " + folder + ": " + e);
    }
  }
}
