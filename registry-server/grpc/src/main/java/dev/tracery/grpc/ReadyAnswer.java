package dev.tracery.grpc;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Bytes that are ready to be sent. gRPC copies what is not [Drainable] through a buffer of 8 KiB
/// that it makes for each message, which was most of what a call allocated.
final class ReadyAnswer extends ByteArrayInputStream implements KnownLength, Drainable {

  ReadyAnswer(byte[] bytes) {
    super(bytes);
  }

  @Override
  public int drainTo(OutputStream target) throws IOException {
    return (int) transferTo(target);
  }
}
