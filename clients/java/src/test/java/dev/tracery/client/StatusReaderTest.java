package dev.tracery.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.rpc.Code;
import io.grpc.Status;
import java.nio.channels.ClosedChannelException;
import org.junit.jupiter.api.Test;

class StatusReaderTest {

  @Test
  void a_connection_that_ended_is_unavailable_whatever_grpc_calls_it() {
    TraceryException read =
        StatusReader.read(
            Status.UNKNOWN
                .withDescription("channel closed")
                .withCause(new ClosedChannelException())
                .asException());
    assertEquals(Code.UNAVAILABLE, read.code());
  }

  @Test
  void what_a_server_calls_unknown_stays_so() {
    assertEquals(
        Code.UNKNOWN,
        StatusReader.read(Status.UNKNOWN.withDescription("who knows").asException()).code());
  }
}
