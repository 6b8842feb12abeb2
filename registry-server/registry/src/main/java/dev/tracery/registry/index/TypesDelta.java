package dev.tracery.registry.index;

import java.util.List;

/// What one commit adds of kernels' BTF.
///
/// @param given which kernels that were registered before came to have which types; a kernel of the
///   same commit has them from the beginning
record TypesDelta(
    List<TracepointEntry> tracepoints,
    List<StructEntry> structs,
    List<TypesEntry> types,
    List<Given> given) {

  static final TypesDelta NONE = new TypesDelta(List.of(), List.of(), List.of(), List.of());

  /// A kernel and its types.
  record Given(KernelEntry kernel, TypesEntry types) {}
}
