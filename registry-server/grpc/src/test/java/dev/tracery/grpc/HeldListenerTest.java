package dev.tracery.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.ServerCall;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

final class HeldListenerTest {

  private final List<String> heard = new ArrayList<>();
  private final HeldListener<InputStream> held = new HeldListener<>();

  @Test
  void a_message_outlives_the_transports_bytes() {
    byte[] bytes = "a message".getBytes(StandardCharsets.US_ASCII);
    held.onMessage(new ByteArrayInputStream(bytes));
    // As the transport, which takes its buffers back when it has told.
    Arrays.fill(bytes, (byte) '?');
    held.onHalfClose();
    held.open(listener());
    assertEquals(List.of("a message", "the end"), heard);
  }

  @Test
  void what_comes_when_it_is_open_is_told_at_once() {
    held.open(listener());
    held.onMessage(new ByteArrayInputStream(new byte[] {'x'}));
    assertEquals(List.of("x"), heard);
  }

  private ServerCall.Listener<InputStream> listener() {
    return new ServerCall.Listener<>() {
      @Override
      public void onMessage(InputStream message) {
        try {
          heard.add(new String(message.readAllBytes(), StandardCharsets.US_ASCII));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }

      @Override
      public void onHalfClose() {
        heard.add("the end");
      }
    };
  }
}
