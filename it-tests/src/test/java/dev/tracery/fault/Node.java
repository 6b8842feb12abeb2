package dev.tracery.fault;

import dev.tracery.client.TcpProxy;
import dev.tracery.it.ServerProcess;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// A server of a [Cluster]: a process that is started again at the same address, and the proxies
/// through which clients reach it and it reaches the database. Thread-safe.
final class Node implements Closeable {

  private static final Duration START = Duration.ofMinutes(2);

  private final int number;
  private final Path data;
  private final Path log;
  private final List<String> options;
  private final List<TcpProxy> toDatabase;
  private final TcpProxy fromClients;
  private final History history;
  private final String address;
  private @Nullable ServerProcess process;

  /// Starts it.
  ///
  /// @param number from 1
  /// @param options of `tracery serve`, which say where the log is
  /// @param toDatabase through which the options lead; closed with this
  Node(int number, Path data, List<String> options, List<TcpProxy> toDatabase, History history)
      throws IOException {
    this.number = number;
    this.data = Files.createDirectories(data);
    this.log = data.resolveSibling(data.getFileName() + ".log");
    this.options = options;
    this.toDatabase = toDatabase;
    this.history = history;
    ServerProcess first = ServerProcess.start(data, "127.0.0.1:0", log, options());
    this.process = first;
    this.address = first.address();
    int colon = address.lastIndexOf(':');
    this.fromClients =
        new TcpProxy(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1)));
  }

  int number() {
    return number;
  }

  /// Where clients reach it: a proxy.
  String address() {
    return fromClients.address();
  }

  /// Between clients and this.
  TcpProxy fromClients() {
    return fromClients;
  }

  /// Between this and each host of the database.
  List<TcpProxy> toDatabase() {
    return toDatabase;
  }

  /// `kill -9`.
  synchronized void kill() throws InterruptedException {
    if (process != null) {
      noteIfEnded();
      process.kill();
      process = null;
    }
  }

  /// Asks it to end, and does not wait for ever.
  synchronized void stop() throws InterruptedException {
    if (process != null) {
      noteIfEnded();
      process.process().destroy();
      if (!process.process().waitFor(60, TimeUnit.SECONDS)) {
        history.surprise("server " + number + " does not end when it is asked to");
        process.kill();
      }
      process = null;
    }
  }

  /// Starts it again, as often as it takes: what watches over servers does no less.
  ///
  /// @return how often it ended before it served
  synchronized int start() throws InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    int failures = 0;
    while (process == null) {
      try {
        process = ServerProcess.start(data, address, log, options());
      } catch (IllegalStateException e) {
        failures++;
        if (System.nanoTime() > end) {
          throw e;
        }
        Thread.sleep(500);
      }
    }
    return failures;
  }

  /// `SIGSTOP`.
  synchronized void pause() throws InterruptedException {
    signal("STOP");
  }

  /// `SIGCONT`.
  synchronized void resume() throws InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws InterruptedException {
    if (process != null) {
      Signals.send(name, process.process().pid());
    }
  }

  /// Notes it if the process has ended without having been told to, and starts another.
  synchronized void revive() throws InterruptedException {
    noteIfEnded();
    if (process != null && !process.process().isAlive()) {
      process = null;
    }
    start();
  }

  private void noteIfEnded() throws InterruptedException {
    if (process != null && !process.process().isAlive()) {
      history.surprise(
          "server " + number + " ended by itself with status " + process.process().waitFor());
    }
  }

  private String[] options() {
    return options.toArray(String[]::new);
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.close();
    }
    fromClients.close();
    for (TcpProxy proxy : toDatabase) {
      proxy.close();
    }
  }
}
