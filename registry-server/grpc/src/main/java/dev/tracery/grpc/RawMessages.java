package dev.tracery.grpc;

import io.grpc.MethodDescriptor.Marshaller;
import java.io.InputStream;

/// Hands messages on as the bytes that they are on the wire, to be read once. gRPC's own
/// (`ServerInterceptors.useInputStreamMessages`) puts a buffer of 8 KiB around each, so that it can
/// be read again.
enum RawMessages implements Marshaller<InputStream> {
  INSTANCE;

  @Override
  public InputStream stream(InputStream message) {
    return message;
  }

  @Override
  public InputStream parse(InputStream message) {
    return message;
  }
}
