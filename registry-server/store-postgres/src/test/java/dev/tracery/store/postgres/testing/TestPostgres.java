package dev.tracery.store.postgres.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A PostgreSQL server of the test's own, in a temporary directory, on a free port of 127.0.0.1, as
/// an unprivileged user. Only by TCP, with passwords (scram-sha-256). The role [#ROLE] owns the
/// databases.
///
/// By itself it does not sync to disk (`fsync=off`), which outlives everything but a crash of the
/// machine. Closing it, or the end of this process, ends its processes and deletes its files; a
/// replica is closed by itself.
///
/// Methods may be called from any thread, one at a time.
public final class TestPostgres implements AutoCloseable {

  /// Owns the databases that are made here, and is no superuser.
  public static final String ROLE = "tracery";

  /// The password of every role that is made here.
  public static final String PASSWORD = "the password of the tests";

  private static final String SUPERUSER = "postgres";
  private static final long PATIENCE_SECONDS = 60;
  private static final String OWN_CONFIGURATION = "test.conf";

  private final Path bin;
  private final Path home;
  private final Path data;
  private final int port;
  private final Map<String, String> configuration;
  private final List<String> startedBy;
  private final AtomicInteger databases = new AtomicInteger();
  private final Thread closer = new Thread(this::close, "close-postgres");
  private @Nullable Process process;

  /// What a server is started with.
  public static final class Options {
    private final Map<String, String> configuration = new TreeMap<>();
    private final List<String> startedBy = new ArrayList<>();
    private boolean onlyTls;

    private Options() {
      configuration.put("fsync", "off");
      configuration.put("max_connections", "60");
      configuration.put("shared_buffers", "32MB");
      configuration.put("wal_keep_size", "256MB");
      configuration.put("log_min_messages", "warning");
    }

    /// A line of `postgresql.conf`.
    public Options set(String name, String value) {
      configuration.put(name, value);
      return this;
    }

    /// Syncs to disk, as a server that is measured should.
    public Options fsync() {
      return set("fsync", "on");
    }

    /// Speaks TLS with this certificate and its key (PEM), and nothing else. The files are copied.
    public Options tls(Path certificate, Path key) {
      onlyTls = true;
      return set("ssl", "on")
          .set("ssl_cert_file", certificate.toAbsolutePath().toString())
          .set("ssl_key_file", key.toAbsolutePath().toString());
    }

    /// A command before which the server's own is put, and which replaces itself by it.
    public Options startedBy(String... command) {
      startedBy.addAll(List.of(command));
      return this;
    }

    /// Makes the server and starts it.
    public TestPostgres start() {
      Path home = newHome();
      TestPostgres server =
          new TestPostgres(PostgresBinaries.directory(), home, configuration, startedBy);
      try {
        server.initialise(onlyTls);
        server.start();
        server.sql(SUPERUSER, "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(ROLE, PASSWORD));
        return server;
      } catch (RuntimeException | Error e) {
        server.close();
        throw e;
      }
    }
  }

  private TestPostgres(
      Path bin, Path home, Map<String, String> configuration, List<String> startedBy) {
    this.bin = bin;
    this.home = home;
    this.data = home.resolve("data");
    this.port = freePort();
    this.configuration = new TreeMap<>(configuration);
    this.startedBy = List.copyOf(startedBy);
    Runtime.getRuntime().addShutdownHook(closer);
  }

  /// How to start one.
  public static Options options() {
    return new Options();
  }

  /// Makes a server as it is by default and starts it.
  public static TestPostgres started() {
    return options().start();
  }

  /// Of a free port on 127.0.0.1, the same for the server's whole life.
  public int port() {
    return port;
  }

  /// The data directory, which belongs to the unprivileged user.
  public Path data() {
    return data;
  }

  /// The directory of `pgbench`, `psql` and the other programs.
  public Path programs() {
    return bin;
  }

  /// `postgres://` with [#ROLE], without the password.
  public String url(String database) {
    return "postgres://%s@127.0.0.1:%d/%s".formatted(ROLE, port, database);
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:%d/%s".formatted(port, database);
  }

  /// An empty database of a name that was not given out before, which belongs to [#ROLE].
  public String newDatabase() {
    String name = "test" + databases.incrementAndGet();
    createDatabase(name);
    return name;
  }

  /// An empty database that belongs to [#ROLE].
  public void createDatabase(String name) {
    sql(SUPERUSER, "CREATE DATABASE %s OWNER %s".formatted(name, ROLE));
  }

  /// A role that may log in, with [#PASSWORD].
  public void createRole(String name) {
    sql(SUPERUSER, "CREATE ROLE %s LOGIN PASSWORD '%s'".formatted(name, PASSWORD));
  }

  /// Runs statements in a database as the superuser.
  ///
  /// @return the rows of the last one, if it has any: columns with `|` between them
  public List<String> sql(String database, String... statements) {
    try (Connection connection = connect(SUPERUSER, database);
        Statement statement = connection.createStatement()) {
      List<String> rows = new ArrayList<>();
      for (String sql : statements) {
        rows.clear();
        if (statement.execute(sql)) {
          try (ResultSet result = statement.getResultSet()) {
            while (result.next()) {
              List<String> columns = new ArrayList<>();
              for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                columns.add(String.valueOf(result.getString(i)));
              }
              rows.add(String.join("|", columns));
            }
          }
        }
      }
      return rows;
    } catch (SQLException e) {
      throw new IllegalStateException(String.join("; ", statements), e);
    }
  }

  /// A connection of a role that was made here, or of the superuser `postgres`.
  public Connection connect(String role, String database) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", role);
    properties.setProperty("password", PASSWORD);
    properties.setProperty("connectTimeout", "5");
    properties.setProperty("socketTimeout", "60");
    return DriverManager.getConnection(jdbcUrl(database), properties);
  }

  /// Sets lines of `postgresql.conf` and makes the server read them; some need a [#restart].
  public void configure(Map<String, String> lines) {
    configuration.putAll(lines);
    writeConfiguration();
    signal("HUP", List.of(running().toHandle()));
  }

  /// Starts a server that was stopped or killed, and waits until it accepts connections.
  public void start() {
    List<String> command = new ArrayList<>(startedBy);
    command.addAll(
        Commands.unprivileged(List.of(bin.resolve("postgres").toString(), "-D", data.toString())));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.directory(Path.of("/").toFile());
    builder.environment().put("LC_ALL", "C");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("log").toFile()));
    try {
      process = builder.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    await("accepts connections", this::accepts);
  }

  /// Ends every connection and stops in order (`pg_ctl stop -m fast`).
  public void stop() {
    stop("INT");
  }

  /// Stops without tidying up (`pg_ctl stop -m immediate`): the next start recovers.
  public void stopImmediately() {
    stop("QUIT");
  }

  public void restart() {
    stop();
    start();
  }

  /// Kills all its processes (SIGKILL).
  public void kill() {
    List<ProcessHandle> all = processes();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> handle.onExit().join());
  }

  /// Stops all its processes where they are (SIGSTOP): connections stay, nobody answers.
  public void pause() {
    signal("STOP", processes());
  }

  /// Lets paused processes go on.
  public void resume() {
    signal("CONT", processes());
  }

  public boolean isRunning() {
    Process last = process;
    return last != null && last.isAlive();
  }

  /// Makes a server that streams this one's log and answers reads, and starts it. To have every
  /// commit wait for it, [#waitForReplicas].
  public TestPostgres newReplica() {
    Path other = newHome();
    TestPostgres replica = new TestPostgres(bin, other, configuration, startedBy);
    try {
      replica.configuration.remove("synchronous_standby_names");
      Commands.run(
          Commands.unprivileged(
              List.of(
                  bin.resolve("pg_basebackup").toString(),
                  "-h",
                  "127.0.0.1",
                  "-p",
                  port + "",
                  "-U",
                  SUPERUSER,
                  "-D",
                  replica.data.toString(),
                  "-X",
                  "stream",
                  "-c",
                  "fast",
                  "-R")),
          Map.of("PGPASSWORD", PASSWORD, "PGAPPNAME", "replica"));
      replica.writeConfiguration();
      replica.start();
      return replica;
    } catch (RuntimeException | Error e) {
      replica.close();
      throw e;
    }
  }

  /// From now on a commit returns only when `count` replicas have it on disk; 0: when this server
  /// has it. Waits until they stream.
  public void waitForReplicas(int count) {
    configure(
        Map.of("synchronous_standby_names", count == 0 ? "''" : "'ANY %d (*)'".formatted(count)));
    await(
        "has " + count + " synchronous replicas",
        () ->
            Integer.parseInt(
                    sql(
                            SUPERUSER,
                            "SELECT count(*) FROM pg_stat_replication"
                                + " WHERE sync_state IN ('sync', 'quorum')")
                        .getFirst())
                >= count);
  }

  /// Makes a replica a server that takes writes.
  public void promote() {
    if (!sql(SUPERUSER, "SELECT pg_promote(true, 60)").equals(List.of("t"))) {
      throw new IllegalStateException("the replica was not promoted: " + log());
    }
  }

  /// What the server has logged.
  public String log() {
    try {
      Path log = home.resolve("log");
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    end();
    if (Files.notExists(home)) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(closer);
    } catch (IllegalStateException e) {
      // Why ignored: this is the hook, or it runs and finds nothing to do.
    }
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void initialise(boolean onlyTls) {
    try {
      Path password = home.resolve("password");
      Files.writeString(password, PASSWORD + "\n");
      Commands.giveAway(password);
      Commands.run(
          Commands.unprivileged(
              List.of(
                  bin.resolve("initdb").toString(),
                  "-D",
                  data.toString(),
                  "-U",
                  SUPERUSER,
                  "--pwfile",
                  password.toString(),
                  "--auth=scram-sha-256",
                  "--encoding=UTF8",
                  "--locale=C",
                  "--no-sync")));
      for (String name : List.of("ssl_cert_file", "ssl_key_file")) {
        String file = configuration.get(name);
        if (file != null) {
          Path copy = data.resolve(name + ".pem");
          Files.copy(Path.of(file), copy);
          Commands.giveAway(copy);
          configuration.put(name, "'" + copy.getFileName() + "'");
        }
      }
      Files.writeString(
          data.resolve("pg_hba.conf"),
          """
          %1$s all         all 127.0.0.1/32 scram-sha-256
          %1$s replication all 127.0.0.1/32 scram-sha-256
          """
              .formatted(onlyTls ? "hostssl" : "host"));
      Path configurationFile = data.resolve("postgresql.conf");
      Files.writeString(
          configurationFile,
          Files.readString(configurationFile) + "\ninclude '" + OWN_CONFIGURATION + "'\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    writeConfiguration();
  }

  private void writeConfiguration() {
    StringBuilder lines = new StringBuilder();
    lines.append("listen_addresses = '127.0.0.1'\nunix_socket_directories = ''\n");
    lines.append("port = ").append(port).append('\n');
    configuration.forEach(
        (name, value) -> lines.append(name).append(" = ").append(value).append('\n'));
    try {
      Path file = data.resolve(OWN_CONFIGURATION);
      Files.writeString(file, lines);
      Commands.giveAway(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean accepts() {
    if (!isRunning()) {
      throw new IllegalStateException("PostgreSQL ended: " + log());
    }
    try (Connection _ = connect(SUPERUSER, SUPERUSER)) {
      return true;
    } catch (SQLException e) {
      // Why: these say that it is starting, or does not listen yet; all others are for ever.
      String state = String.valueOf(e.getSQLState());
      if (state.equals("57P03") || state.startsWith("08")) {
        return false;
      }
      throw new IllegalStateException(e);
    }
  }

  private void stop(String signal) {
    Process running = running();
    signal(signal, List.of(running.toHandle()));
    try {
      if (!running.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("PostgreSQL does not stop: " + log());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  // Why not killed: then a segment of shared memory would stay for each.
  private void end() {
    Process last = process;
    if (last == null || !last.isAlive()) {
      return;
    }
    resume();
    signal("QUIT", List.of(last.toHandle()));
    try {
      if (!last.waitFor(10, TimeUnit.SECONDS)) {
        kill();
      }
    } catch (InterruptedException e) {
      kill();
    }
  }

  private Process running() {
    Process last = process;
    if (last == null || !last.isAlive()) {
      throw new IllegalStateException("PostgreSQL does not run");
    }
    return last;
  }

  /// The first server process, and then those that it started.
  private List<ProcessHandle> processes() {
    Process last = process;
    if (last == null) {
      return List.of();
    }
    return Stream.concat(Stream.of(last.toHandle()), last.descendants()).toList();
  }

  private static void signal(String signal, List<ProcessHandle> processes) {
    for (ProcessHandle handle : processes) {
      try {
        Commands.run(List.of("kill", "-" + signal, handle.pid() + ""));
      } catch (IllegalStateException e) {
        if (handle.isAlive()) {
          throw e;
        }
      }
    }
  }

  private void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new IllegalStateException("not within a minute: PostgreSQL " + what + ": " + log());
      }
      try {
        Thread.sleep(20);
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static Path newHome() {
    try {
      return Commands.reachableDirectory("tracery-postgres");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
