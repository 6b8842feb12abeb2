package dev.tracery.registry.core;

import dev.tracery.registry.diff.TypesDiff;
import dev.tracery.registry.diff.TypesDiffer;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.StructEntry;
import dev.tracery.registry.index.TracepointEntry;
import dev.tracery.registry.index.TypesEntry;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Tracepoint;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;

/// Compares the types of two kernels of the index. What both share is one object there, and is not
/// read.
final class EntryTypes {

  private EntryTypes() {}

  static TypesDiff diff(KernelEntry from, KernelEntry to, long revision) {
    Optional<TypesEntry> before = from.types(revision);
    Optional<TypesEntry> after = to.types(revision);
    if (before.isEmpty() || after.isEmpty() || before.get() == after.get()) {
      return TypesDiff.NONE;
    }
    return new TypesDiffer().diff(own(before.get(), after.get()), own(after.get(), before.get()));
  }

  /// What `types` has and `others` has not.
  private static KernelTypes own(TypesEntry types, TypesEntry others) {
    Set<Object> shared = Collections.newSetFromMap(new IdentityHashMap<>());
    for (int i = 0; i < others.tracepointCount(); i++) {
      shared.add(others.tracepoint(i));
    }
    for (int i = 0; i < others.structCount(); i++) {
      shared.add(others.struct(i));
    }
    KernelTypes.Builder own = KernelTypes.newBuilder();
    for (int i = 0; i < types.tracepointCount(); i++) {
      TracepointEntry tracepoint = types.tracepoint(i);
      if (!shared.contains(tracepoint)) {
        own.addTracepoints(
            Tracepoint.newBuilder()
                .setName(tracepoint.name())
                .setParameters(tracepoint.parameters()));
      }
    }
    for (int i = 0; i < types.structCount(); i++) {
      StructEntry struct = types.struct(i);
      if (!shared.contains(struct)) {
        own.addStructs(struct.struct());
      }
    }
    return own.build();
  }
}
