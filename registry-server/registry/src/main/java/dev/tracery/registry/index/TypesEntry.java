package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import java.util.Optional;
import java.util.function.Function;

/// What the BTF of some kernels says of their trace events. Kernels of which it says the same share
/// one entry, and of others the same tracepoints and structs are the same objects. Immutable.
public final class TypesEntry {

  private final int ordinal;
  private final Sha256 hash;
  private final TracepointEntry[] tracepoints;
  private final StructEntry[] structs;

  /// @param tracepoints in the order of their names
  /// @param structs likewise
  TypesEntry(int ordinal, Sha256 hash, TracepointEntry[] tracepoints, StructEntry[] structs) {
    this.ordinal = ordinal;
    this.hash = hash;
    this.tracepoints = tracepoints;
    this.structs = structs;
  }

  /// The entry's place among all of the log, from 0.
  public int ordinal() {
    return ordinal;
  }

  /// The SHA-256 of the content.
  public Sha256 hash() {
    return hash;
  }

  public int tracepointCount() {
    return tracepoints.length;
  }

  /// The tracepoint at this place in the order of names.
  public TracepointEntry tracepoint(int index) {
    return tracepoints[index];
  }

  /// The tracepoint of this name.
  public Optional<TracepointEntry> tracepoint(String name) {
    return find(tracepoints, TracepointEntry::name, name);
  }

  public int structCount() {
    return structs.length;
  }

  /// The struct at this place in the order of names.
  public StructEntry struct(int index) {
    return structs[index];
  }

  /// The struct of this name.
  public Optional<StructEntry> struct(String name) {
    return find(structs, StructEntry::name, name);
  }

  private static <T> Optional<T> find(T[] sorted, Function<T, String> nameOf, String name) {
    int low = 0;
    int high = sorted.length - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = nameOf.apply(sorted[middle]).compareTo(name);
      if (order == 0) {
        return Optional.of(sorted[middle]);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return Optional.empty();
  }
}
