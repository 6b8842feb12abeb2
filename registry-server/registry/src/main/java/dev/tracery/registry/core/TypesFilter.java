package dev.tracery.registry.core;

import dev.tracery.model.Glob;
import dev.tracery.registry.index.StructEntry;
import dev.tracery.registry.index.TracepointEntry;
import dev.tracery.registry.index.TypesEntry;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Tracepoint;

/// Picks out of a kernel's types those that a glob names: tracepoints by their names, structs by
/// theirs without the prefix `trace_event_raw_`.
final class TypesFilter {

  private static final String STRUCT_PREFIX = "trace_event_raw_";

  private TypesFilter() {}

  static KernelTypes pick(TypesEntry types, Glob filter) {
    KernelTypes.Builder picked = KernelTypes.newBuilder();
    for (int i = 0; i < types.tracepointCount(); i++) {
      TracepointEntry tracepoint = types.tracepoint(i);
      if (filter.matchesAll() || filter.matches(tracepoint.name())) {
        picked.addTracepoints(
            Tracepoint.newBuilder()
                .setName(tracepoint.name())
                .setParameters(tracepoint.parameters()));
      }
    }
    for (int i = 0; i < types.structCount(); i++) {
      StructEntry struct = types.struct(i);
      if (filter.matchesAll() || filter.matches(withoutPrefix(struct.name()))) {
        picked.addStructs(struct.struct());
      }
    }
    return picked.build();
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(STRUCT_PREFIX) ? name.substring(STRUCT_PREFIX.length()) : name;
  }
}
