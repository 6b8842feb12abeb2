package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ServerOptionsTest {

  @Test
  void what_is_not_set_has_its_default() {
    assertEquals(ServerOptions.DEFAULTS, ServerOptions.read(_ -> null));
    assertEquals(ServerOptions.DEFAULTS, ServerOptions.read(_ -> ""));
  }

  @Test
  void every_limit_can_be_set() {
    Map<String, String> properties =
        Map.of(
            "tracery.grpc.max-message-bytes", "2048",
            "tracery.grpc.max-concurrent-calls", "2",
            "tracery.grpc.max-registrations", "3",
            "tracery.grpc.max-connection-age-seconds", "4",
            "tracery.grpc.stall-seconds", "5",
            "tracery.grpc.revision-wait-millis", "6");
    assertEquals(
        new ServerOptions(
            2048,
            2,
            3,
            Duration.ofSeconds(4),
            Duration.ofSeconds(5),
            Duration.ofMillis(6),
            Duration.ofSeconds(5)),
        ServerOptions.read(properties::get));
  }

  @Test
  void a_limit_that_is_no_number_in_its_range_is_named() {
    assertEquals(
        "tracery.grpc.max-message-bytes: expected a whole number from 1024 up but found \"1023\"",
        assertThrows(
                IllegalArgumentException.class,
                () -> ServerOptions.read(Map.of("tracery.grpc.max-message-bytes", "1023")::get))
            .getMessage());
    assertThrows(
        IllegalArgumentException.class,
        () -> ServerOptions.read(Map.of("tracery.grpc.stall-seconds", "soon")::get));
  }

  @Test
  void an_address_of_all_of_the_machine_is_known_elsewhere_by_its_name() {
    assertEquals(
        "localhost:7411", ListenAddress.parse("localhost:7411").fromElsewhere().toString());
    assertEquals("[::1]:7411", ListenAddress.parse("[::1]:7411").fromElsewhere().toString());
    for (String any : List.of("0.0.0.0:7411", "[::]:7411")) {
      String known = ListenAddress.parse(any).fromElsewhere().toString();
      assertNotEquals(any, known);
      assertTrue(known.endsWith(":7411"), known);
    }
  }

  @Test
  void an_address_is_a_host_and_a_port() {
    assertEquals(new ListenAddress("localhost", 7411), ListenAddress.parse("localhost:7411"));
    assertEquals(new ListenAddress("::1", 0), ListenAddress.parse("[::1]:0"));
    assertEquals("[::1]:17", new ListenAddress("::1", 0).withPort(17).toString());
    assertEquals("0.0.0.0:80", ListenAddress.parse("0.0.0.0:80").toString());
    for (String bad :
        List.of("", "localhost", ":1", "localhost:", "a:b", "::1:80", "a:65536", "a:1 ", "a b:1")) {
      assertEquals(
          "tracery.listen: expected HOST:PORT, as in localhost:7411, but found \"" + bad + "\"",
          assertThrows(IllegalArgumentException.class, () -> ListenAddress.parse(bad))
              .getMessage());
    }
  }
}
