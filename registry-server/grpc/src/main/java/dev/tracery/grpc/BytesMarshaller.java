package dev.tracery.grpc;

import io.grpc.KnownLength;
import io.grpc.MethodDescriptor.Marshaller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/// Requests and answers that stay the bytes that they are on the wire.
enum BytesMarshaller implements Marshaller<byte[]> {
  INSTANCE;

  @Override
  public InputStream stream(byte[] message) {
    return new ReadyAnswer(message);
  }

  @Override
  public byte[] parse(InputStream message) {
    try (message) {
      // Why: readAllBytes makes a buffer of 16 KiB first.
      return message instanceof KnownLength
          ? message.readNBytes(message.available())
          : message.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
