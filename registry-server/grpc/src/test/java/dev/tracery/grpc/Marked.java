package dev.tracery.grpc;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// A channel that says how the last answer was marked.
final class Marked {

  private final AtomicReference<Metadata> headers = new AtomicReference<>();
  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private final Channel channel;

  Marked(Channel channel) {
    this(channel, null);
  }

  /// @param atLeast sent with each call
  Marked(Channel channel, @Nullable String atLeast) {
    Metadata sent = new Metadata();
    if (atLeast != null) {
      sent.put(CallMarks.AT_LEAST, atLeast);
    }
    this.channel =
        ClientInterceptors.intercept(
            channel,
            MetadataUtils.newCaptureMetadataInterceptor(headers, trailers),
            MetadataUtils.newAttachHeadersInterceptor(sent));
  }

  Channel channel() {
    return channel;
  }

  /// `revision age store` of the headers, with `-` for what is not there.
  String headers() {
    return marks(headers.get());
  }

  String trailers() {
    return marks(trailers.get());
  }

  private static String marks(@Nullable Metadata metadata) {
    return metadata == null
        ? "none"
        : mark(metadata, CallMarks.REVISION)
            + " "
            + mark(metadata, CallMarks.AGE)
            + " "
            + mark(metadata, CallMarks.STORE);
  }

  private static String mark(Metadata metadata, Metadata.Key<String> key) {
    String value = metadata.get(key);
    return value == null ? "-" : value;
  }
}
