package dev.tracery.client;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port on loopback through which a server is reached, and where the connections to it are
/// disturbed: cut, refused, held back or slowed down. Thread-safe.
public final class TcpProxy implements Closeable {

  private static final int CONNECT_MILLIS = 2_000;

  private enum State {
    OPEN,
    /// Connections are closed as soon as they are made.
    REFUSING,
    /// Connections are made, and nothing comes through.
    SILENT
  }

  private final ServerSocket listener;
  private final List<Long> cuts;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final Object lock = new Object();
  private InetSocketAddress server;
  private State state = State.OPEN;
  private long delayMillis;
  private int connections;

  /// One that disturbs nothing yet.
  public TcpProxy(String host, int port) throws IOException {
    this(host, port, List.of());
  }

  /// One that cuts the first connections by itself.
  ///
  /// @param cuts after how many bytes of the server's the first connection is cut, and the next
  ///   ones
  public TcpProxy(String host, int port, List<Long> cuts) throws IOException {
    this.server = new InetSocketAddress(host, port);
    this.cuts = List.copyOf(cuts);
    this.listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  /// `127.0.0.1:PORT`, where to connect.
  public String address() {
    return "127.0.0.1:" + port();
  }

  /// The port of [#address].
  public int port() {
    return listener.getLocalPort();
  }

  /// Leads new connections to another server.
  public void leadTo(String host, int port) {
    synchronized (lock) {
      server = new InetSocketAddress(host, port);
    }
  }

  /// Resets every connection; new ones are let through.
  public void cut() {
    for (Socket socket : List.copyOf(sockets)) {
      reset(socket);
    }
  }

  /// Resets every connection and every new one, until [#restore].
  public void refuse() {
    become(State.REFUSING, 0);
    cut();
  }

  /// Holds every byte back, until [#restore] lets it go on.
  public void silence() {
    become(State.SILENT, 0);
  }

  /// Waits so long before each piece of what is sent, until [#restore].
  public void delay(long millis) {
    become(State.OPEN, millis);
  }

  /// Disturbs nothing any more.
  public void restore() {
    become(State.OPEN, 0);
  }

  private void become(State next, long delay) {
    synchronized (lock) {
      state = next;
      delayMillis = delay;
      lock.notifyAll();
    }
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        long most = connections < cuts.size() ? cuts.get(connections) : Long.MAX_VALUE;
        connections++;
        // Why: one that hangs while it connects must not keep the others waiting.
        Thread.startVirtualThread(() -> join(near, most));
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private void join(Socket near, long most) {
    sockets.add(near);
    Socket far = new Socket();
    sockets.add(far);
    try {
      far.connect(target(), CONNECT_MILLIS);
      near.setTcpNoDelay(true);
      far.setTcpNoDelay(true);
      Thread.startVirtualThread(() -> copy(near, far, Long.MAX_VALUE));
      copy(far, near, most);
    } catch (IOException _) {
      reset(near);
      reset(far);
    }
  }

  private InetSocketAddress target() throws IOException {
    synchronized (lock) {
      if (state == State.REFUSING) {
        throw new IOException("refused");
      }
      return server;
    }
  }

  /// Ends both when one has ended, or when so many bytes were copied.
  private void copy(Socket from, Socket to, long most) {
    try (from;
        to) {
      move(from, to, most);
      // Why: while nothing comes through, neither does the end.
      pass();
    } catch (IOException _) {
      // One end is gone, and so is the other.
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      sockets.removeAll(List.of(from, to));
    }
  }

  private void move(Socket from, Socket to, long most) throws InterruptedException {
    try {
      byte[] bytes = new byte[16 << 10];
      long left = most;
      for (int read; left > 0 && (read = from.getInputStream().read(bytes)) >= 0; left -= read) {
        pass();
        to.getOutputStream().write(bytes, 0, (int) Math.min(read, left));
      }
    } catch (IOException _) {
      // One end is gone.
    }
  }

  private void pass() throws InterruptedException {
    long millis;
    synchronized (lock) {
      while (state == State.SILENT) {
        lock.wait();
      }
      millis = delayMillis;
    }
    if (millis > 0) {
      Thread.sleep(millis);
    }
  }

  private void reset(Socket socket) {
    try (socket) {
      sockets.remove(socket);
      // Why: without it the other end is told in peace, and takes what it has read for all.
      socket.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException _) {
      // It was closed already.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    restore();
    cut();
  }
}
