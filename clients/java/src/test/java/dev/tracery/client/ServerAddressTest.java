package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerAddressTest {

  @ParameterizedTest
  @CsvSource({
    "localhost:7411, localhost, 7411",
    "registry.example, registry.example, 7411",
    "127.0.0.1:1, 127.0.0.1, 1",
    "[::1]:65535, ::1, 65535",
    "[::1], ::1, 7411",
  })
  void readsHostAndPort(String text, String host, int port) {
    assertEquals(new ServerAddress(host, port), ServerAddress.parse(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ":7411",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "localhost:x",
        "a b:1",
        "http://localhost:7411",
        "::1",
        "[::1",
        "[]:1",
        "localhost:7411/x",
        "localhost:-1"
      })
  void refusesAnythingElse(String text) {
    var refused = assertThrows(IllegalArgumentException.class, () -> ServerAddress.parse(text));
    assertEquals(
        "expected HOST:PORT, with a port from 1 to 65535, but found \"" + text + "\"",
        refused.getMessage());
  }

  @Test
  void readsSeveralWithCommasBetweenThem() {
    assertEquals(
        List.of(new ServerAddress("a", 7411), new ServerAddress("::1", 1)),
        ServerAddress.parseAll("a, [::1]:1"));
    assertThrows(IllegalArgumentException.class, () -> ServerAddress.parseAll("a,"));
  }

  @Test
  void knowsWhatDoesNotLeaveTheMachine() {
    for (String here : List.of("localhost", "LOCALHOST:1", "127.0.0.1", "127.9.9.9:1", "[::1]")) {
      assertEquals(true, ServerAddress.parse(here).isLoopback(), here);
    }
    for (String there : List.of("0.0.0.0", "localhost.example", "10.0.0.1", "[::]", "[fe80::1]")) {
      assertEquals(false, ServerAddress.parse(there).isLoopback(), there);
    }
  }
}
