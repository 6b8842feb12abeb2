package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import io.grpc.StatusException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A kernel's events in messages of bounded size, with the texts of only those layouts that the
/// registry does not know, each once.
record EventChunks(List<EventSource> events, Set<Sha256> missing) {

  /// Well below the 4 MiB at which servers refuse a message by default.
  private static final int CHUNK_BYTES = 1 << 20;

  /// Where the messages go.
  @FunctionalInterface
  interface Sink {
    /// Whether more is wanted: a server that has heard enough has its answer waiting.
    boolean write(EventFormats chunk) throws StatusException, InterruptedException;
  }

  void writeTo(Sink sink) throws StatusException, InterruptedException {
    EventFormats.Builder chunk = EventFormats.newBuilder();
    int size = 0;
    Set<Sha256> unsent = new HashSet<>(missing);
    for (EventSource event : events) {
      EventFormat.Builder format =
          EventFormat.newBuilder()
              .setEvent(event.event().toString())
              .setId(event.id())
              .setLayoutHash(UnsafeByteOperations.unsafeWrap(event.layoutHash().bytes()));
      if (unsent.remove(event.layoutHash())) {
        format.setText(UnsafeByteOperations.unsafeWrap(event.text().get()));
      }
      EventFormat built = format.build();
      if (size > 0 && size + built.getSerializedSize() > CHUNK_BYTES) {
        if (!sink.write(chunk.build())) {
          return;
        }
        chunk = EventFormats.newBuilder();
        size = 0;
      }
      chunk.addEvents(built);
      size += built.getSerializedSize() + 8;
    }
    if (size > 0) {
      sink.write(chunk.build());
    }
  }
}
