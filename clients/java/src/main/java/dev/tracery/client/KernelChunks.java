package dev.tracery.client;

import com.google.protobuf.UnsafeByteOperations;
import dev.tracery.model.Sha256;
import dev.tracery.v1.EventFormat;
import dev.tracery.v1.EventFormats;
import dev.tracery.v1.SystemNode;
import io.grpc.StatusException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A kernel's events in messages of bounded size: systems that the registry knows as such, and the
/// texts of only those layouts that it does not know, each once.
///
/// @param events those of the other systems
record KernelChunks(List<SystemNode> systems, List<EventSource> events, Set<Sha256> missing) {

  /// Well below the 4 MiB at which servers refuse a message by default.
  private static final int CHUNK_BYTES = 1 << 20;

  // What a field's tag and length take at most.
  private static final int OVERHEAD = 8;

  /// Where the messages go.
  @FunctionalInterface
  interface Sink {
    /// Whether more is wanted: a server that has heard enough has its answer waiting.
    boolean write(EventFormats chunk) throws StatusException, InterruptedException;
  }

  void writeTo(Sink sink) throws StatusException, InterruptedException {
    Chunk chunk = new Chunk(sink);
    for (SystemNode system : systems) {
      if (!chunk.makeRoom(system.getSerializedSize())) {
        return;
      }
      chunk.content.addSystems(system);
    }
    Set<Sha256> unsent = new HashSet<>(missing);
    for (EventSource event : events) {
      EventFormat format = format(event, unsent.remove(event.layoutHash()));
      if (!chunk.makeRoom(format.getSerializedSize())) {
        return;
      }
      chunk.content.addEvents(format);
    }
    if (chunk.bytes > 0) {
      sink.write(chunk.content.build());
    }
  }

  private static final class Chunk {
    final Sink sink;
    EventFormats.Builder content = EventFormats.newBuilder();
    int bytes;

    Chunk(Sink sink) {
      this.sink = sink;
    }

    /// Sends what there is, if a part of this size does not fit beside it.
    ///
    /// @return whether more is wanted
    boolean makeRoom(int partBytes) throws StatusException, InterruptedException {
      boolean full = bytes > 0 && bytes + partBytes > CHUNK_BYTES;
      if (full && !sink.write(content.build())) {
        return false;
      }
      content = full ? EventFormats.newBuilder() : content;
      bytes = (full ? 0 : bytes) + partBytes + OVERHEAD;
      return true;
    }
  }

  private static EventFormat format(EventSource event, boolean withText) {
    EventFormat.Builder format =
        EventFormat.newBuilder()
            .setEvent(event.event().toString())
            .setId(event.id())
            .setLayoutHash(UnsafeByteOperations.unsafeWrap(event.layoutHash().bytes()));
    if (withText) {
      format.setText(UnsafeByteOperations.unsafeWrap(event.text().get()));
    }
    return format.build();
  }
}
