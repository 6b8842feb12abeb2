package dev.tracery.client;

import com.google.protobuf.MessageLite;
import dev.tracery.v1.KernelTypes;
import io.grpc.StatusException;

/// What a kernel's BTF says, in messages of bounded size.
record TypesChunks(KernelTypes types) {

  /// Well below the 4 MiB at which servers refuse a message by default.
  private static final int CHUNK_BYTES = 1 << 20;

  /// Where the messages go.
  @FunctionalInterface
  interface Sink {
    /// Whether more is wanted: a server that has heard enough has its answer waiting.
    boolean write(KernelTypes chunk) throws StatusException, InterruptedException;
  }

  void writeTo(Sink sink) throws StatusException, InterruptedException {
    Chunk chunk = new Chunk();
    for (var tracepoint : types.getTracepointsList()) {
      if (chunk.isFullWith(tracepoint) && !sink.write(chunk.take())) {
        return;
      }
      chunk.types.addTracepoints(tracepoint);
    }
    for (var struct : types.getStructsList()) {
      if (chunk.isFullWith(struct) && !sink.write(chunk.take())) {
        return;
      }
      chunk.types.addStructs(struct);
    }
    if (chunk.size > 0) {
      sink.write(chunk.take());
    }
  }

  private static final class Chunk {
    private final KernelTypes.Builder types = KernelTypes.newBuilder();
    private int size;

    /// Counts `next`; whether what is there must be sent before it is added.
    boolean isFullWith(MessageLite next) {
      int bytes = next.getSerializedSize() + 8;
      boolean full = size > 0 && size + bytes > CHUNK_BYTES;
      size = full ? bytes : size + bytes;
      return full;
    }

    KernelTypes take() {
      KernelTypes taken = types.build();
      types.clear();
      return taken;
    }
  }
}
