package dev.tracery.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.LongAdder;

/// Passes connections on to a server and counts their bytes.
final class CountingRelay implements AutoCloseable {

  private final ServerSocket socket;
  private final String host;
  private final int port;
  private final LongAdder toServer = new LongAdder();
  private final LongAdder fromServer = new LongAdder();

  /// @param server `HOST:PORT`
  CountingRelay(String server) throws IOException {
    int colon = server.lastIndexOf(':');
    this.host = server.substring(0, colon);
    this.port = Integer.parseInt(server.substring(colon + 1));
    this.socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  /// Where it listens.
  String address() {
    return "localhost:" + socket.getLocalPort();
  }

  long toServer() {
    return toServer.sum();
  }

  long fromServer() {
    return fromServer.sum();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }

  private void accept() {
    try {
      while (true) {
        Socket caller = socket.accept();
        Socket server = new Socket(host, port);
        Thread.ofVirtual().start(() -> pass(caller, server, toServer));
        Thread.ofVirtual().start(() -> pass(server, caller, fromServer));
      }
    } catch (IOException _) {
      // closed
    }
  }

  private static void pass(Socket from, Socket to, LongAdder count) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        count.add(read);
        out.write(buffer, 0, read);
      }
    } catch (IOException _) {
      // one side has gone
    }
  }
}
