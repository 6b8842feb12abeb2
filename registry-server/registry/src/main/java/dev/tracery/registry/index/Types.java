package dev.tracery.registry.index;

import com.google.protobuf.ByteString;
import dev.tracery.model.Sha256;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// What the log has of kernels' BTF, each distinct content once. One thread at a time applies, any
/// thread reads.
public final class Types {

  private record Named(String name, ByteString content) {}

  // Why the serialized content and no hash of it: a replay need not parse or hash anything. Were
  // two
  // versions of protobuf to write the same content differently, it would be stored twice, no more.
  private final Map<Named, TracepointEntry> tracepointsByContent = new ConcurrentHashMap<>();
  private final Map<Named, StructEntry> structsByContent = new ConcurrentHashMap<>();
  private final Map<Sha256, TypesEntry> byHash = new ConcurrentHashMap<>();
  private final Appended<TracepointEntry> tracepoints = new Appended<>();
  private final Appended<StructEntry> structs = new Appended<>();
  private final Appended<TypesEntry> types = new Appended<>();

  /// How many tracepoints the log has added.
  public int tracepointCount() {
    return tracepoints.size();
  }

  /// How many structs the log has added.
  public int structCount() {
    return structs.size();
  }

  /// How many kernels' contents the log has added, each distinct one once.
  public int count() {
    return types.size();
  }

  /// The entry of this content.
  public Optional<TypesEntry> types(Sha256 hash) {
    return Optional.ofNullable(byHash.get(hash));
  }

  /// The tracepoint of this name and content.
  ///
  /// @param content the serialized parameters
  public Optional<TracepointEntry> tracepoint(String name, ByteString content) {
    return Optional.ofNullable(tracepointsByContent.get(new Named(name, content)));
  }

  /// The struct of this name and content.
  ///
  /// @param content the serialized struct
  public Optional<StructEntry> struct(String name, ByteString content) {
    return Optional.ofNullable(structsByContent.get(new Named(name, content)));
  }

  TracepointEntry tracepoint(int ordinal) {
    return tracepoints.get(ordinal);
  }

  StructEntry struct(int ordinal) {
    return structs.get(ordinal);
  }

  TypesEntry types(int ordinal) {
    return types.get(ordinal);
  }

  void apply(TypesDelta delta, long revision) {
    for (TracepointEntry tracepoint : delta.tracepoints()) {
      tracepointsByContent.put(new Named(tracepoint.name(), tracepoint.content()), tracepoint);
      tracepoints.add(tracepoint);
    }
    for (StructEntry struct : delta.structs()) {
      structsByContent.put(new Named(struct.name(), struct.content()), struct);
      structs.add(struct);
    }
    for (TypesEntry entry : delta.types()) {
      byHash.put(entry.hash(), entry);
      types.add(entry);
    }
    delta.given().forEach(given -> given.kernel().give(given.types(), revision));
  }
}
