package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A proxy between a socket and a server that sends every byte back.
class TcpProxyTest {

  private ServerSocket echo;
  private TcpProxy proxy;

  @BeforeEach
  void start() throws IOException {
    echo = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(this::serve);
    proxy = new TcpProxy("127.0.0.1", echo.getLocalPort());
  }

  @AfterEach
  void stop() throws IOException {
    proxy.close();
    echo.close();
  }

  @Test
  void bytes_come_through() throws IOException {
    try (Socket socket = connect()) {
      assertEquals('a', sendAndReceive(socket, 'a'));
    }
  }

  @Test
  void a_cut_ends_connections_and_lets_new_ones_through() throws IOException {
    try (Socket before = connect()) {
      assertEquals('a', sendAndReceive(before, 'a'));
      proxy.cut();
      assertThrows(IOException.class, () -> receive(before));
    }
    try (Socket after = connect()) {
      assertEquals('b', sendAndReceive(after, 'b'));
    }
  }

  @Test
  void who_is_refused_is_refused_until_that_is_over() throws IOException {
    proxy.refuse();
    assertThrows(
        IOException.class,
        () -> {
          try (Socket refused = connect()) {
            receive(refused);
          }
        });
    proxy.restore();
    try (Socket socket = connect()) {
      assertEquals('a', sendAndReceive(socket, 'a'));
    }
  }

  @Test
  void what_was_held_back_comes_when_that_is_over() throws IOException {
    try (Socket socket = connect()) {
      assertEquals('a', sendAndReceive(socket, 'a'));
      proxy.silence();
      socket.getOutputStream().write('b');
      socket.setSoTimeout(100);
      assertThrows(SocketTimeoutException.class, () -> receive(socket));
      proxy.restore();
      socket.setSoTimeout(30_000);
      assertEquals('b', receive(socket));
    }
  }

  private Socket connect() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static int sendAndReceive(Socket socket, int sent) throws IOException {
    socket.getOutputStream().write(sent);
    return receive(socket);
  }

  /// @throws IOException also where the other end is closed
  private static int receive(Socket socket) throws IOException {
    int received = socket.getInputStream().read();
    if (received < 0) {
      throw new IOException("closed");
    }
    return received;
  }

  private void serve() {
    try {
      while (true) {
        Socket socket = echo.accept();
        Thread.startVirtualThread(() -> sendBack(socket));
      }
    } catch (IOException _) {
      // It was closed.
    }
  }

  private static void sendBack(Socket socket) {
    try (socket) {
      socket.getInputStream().transferTo(socket.getOutputStream());
    } catch (IOException _) {
      // The other end is gone.
    }
  }
}
