package dev.tracery.client.integration;

import dev.tracery.client.ServerAddress;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;

/// A port on loopback through which a server is reached. The first connections are cut when the
/// server has sent so many bytes; later ones are not.
final class CuttableProxy implements Closeable {

  private final ServerSocket listener;
  private final ServerAddress server;
  private final List<Long> cuts;
  private int connections;

  /// @param cuts after how many bytes the first connection is cut, and the next ones
  CuttableProxy(ServerAddress server, List<Long> cuts) throws IOException {
    this.server = server;
    this.cuts = cuts;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::accept);
  }

  String address() {
    return "127.0.0.1:" + listener.getLocalPort();
  }

  private void accept() {
    try {
      while (true) {
        Socket near = listener.accept();
        Socket far = new Socket(server.host(), server.port());
        long most = connections < cuts.size() ? cuts.get(connections) : Long.MAX_VALUE;
        connections++;
        Thread.startVirtualThread(() -> copy(near, far, Long.MAX_VALUE));
        Thread.startVirtualThread(() -> copy(far, near, most));
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  /// Ends both when one has ended, or when so many bytes were copied.
  private static void copy(Socket from, Socket to, long most) {
    try (from;
        to) {
      byte[] bytes = new byte[1024];
      long left = most;
      for (int read; left > 0 && (read = from.getInputStream().read(bytes)) >= 0; left -= read) {
        to.getOutputStream().write(bytes, 0, (int) Math.min(read, left));
      }
    } catch (IOException _) {
      // One end is gone, and so is the other.
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
