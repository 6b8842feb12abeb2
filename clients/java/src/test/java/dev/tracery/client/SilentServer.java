package dev.tracery.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/// Takes connections on a loopback port and never says anything, like a server that is stopped.
public final class SilentServer implements AutoCloseable {

  private final ServerSocket socket;
  private final List<Socket> taken = new ArrayList<>();

  private SilentServer(ServerSocket socket) {
    this.socket = socket;
  }

  public static SilentServer start() {
    try {
      var server = new SilentServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread.ofVirtual().start(server::takeAll);
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String address() {
    return "127.0.0.1:" + socket.getLocalPort();
  }

  /// How many connections it has taken.
  public synchronized int connections() {
    return taken.size();
  }

  @Override
  public synchronized void close() {
    try {
      socket.close();
      for (Socket each : taken) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void takeAll() {
    try {
      while (true) {
        Socket next = socket.accept();
        synchronized (this) {
          taken.add(next);
        }
      }
    } catch (IOException _) {
      // Closed.
    }
  }
}
