package dev.tracery.registry.core;

import com.google.protobuf.ByteString;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.index.KernelEntry;
import dev.tracery.registry.index.StructEntry;
import dev.tracery.registry.index.TracepointEntry;
import dev.tracery.registry.index.Types;
import dev.tracery.registry.index.TypesEntry;
import dev.tracery.registry.log.Entry;
import dev.tracery.registry.log.KernelTypesAdded;
import dev.tracery.registry.log.StructAdded;
import dev.tracery.registry.log.TracepointAdded;
import dev.tracery.registry.log.TypesAdded;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.Tracepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Decides what the BTF of a kernel adds to the log: each content that no kernel had before, once.
final class TypesPlanner {

  private final Types known;
  private final List<Entry> entries = new ArrayList<>();
  private int tracepoints;
  private int structs;

  TypesPlanner(Types known) {
    this.known = known;
    this.tracepoints = known.tracepointCount();
    this.structs = known.structCount();
  }

  /// The entries that give a kernel its types; none if it has exactly these.
  ///
  /// @param kernel as it is registered; empty if it is now
  /// @throws RegistryException FAILED_PRECONDITION if the kernel has others
  List<Entry> entries(String kernelId, Optional<KernelEntry> kernel, GivenTypes given) {
    Optional<TypesEntry> before = kernel.flatMap(entry -> entry.types(Long.MAX_VALUE));
    if (before.isPresent()) {
      if (!before.get().hash().equals(given.hash())) {
        throw new RegistryException(
            RegistryException.Code.FAILED_PRECONDITION,
            "types",
            "the kernel "
                + kernelId
                + " is registered with other BTF, of the fingerprint "
                + before.get().hash()
                + "; what is given now has "
                + given.hash()
                + "; is it the BTF of another build?");
      }
      return List.of();
    }
    int types = known.types(given.hash()).map(TypesEntry::ordinal).orElseGet(() -> add(given));
    entries.add(
        Entry.newBuilder()
            .setKernelTypesAdded(
                KernelTypesAdded.newBuilder().setKernelId(kernelId).setTypes(types))
            .build());
    return entries;
  }

  /// The place of the types in the log.
  private int add(GivenTypes given) {
    TypesAdded.Builder added =
        TypesAdded.newBuilder().setHash(ByteString.copyFrom(given.hash().bytes()));
    given.types().getTracepointsList().forEach(tracepoint -> added.addTracepoints(add(tracepoint)));
    given.types().getStructsList().forEach(struct -> added.addStructs(add(struct)));
    entries.add(Entry.newBuilder().setTypesAdded(added).build());
    return known.count();
  }

  private int add(Tracepoint tracepoint) {
    ByteString content = tracepoint.getParameters().toByteString();
    Optional<TracepointEntry> there = known.tracepoint(tracepoint.getName(), content);
    if (there.isPresent()) {
      return there.get().ordinal();
    }
    entries.add(
        Entry.newBuilder()
            .setTracepointAdded(
                TracepointAdded.newBuilder().setName(tracepoint.getName()).setParameters(content))
            .build());
    return tracepoints++;
  }

  private int add(EventStruct struct) {
    ByteString content = struct.toByteString();
    Optional<StructEntry> there = known.struct(struct.getName(), content);
    if (there.isPresent()) {
      return there.get().ordinal();
    }
    entries.add(
        Entry.newBuilder()
            .setStructAdded(StructAdded.newBuilder().setName(struct.getName()).setStruct(content))
            .build());
    return structs++;
  }
}
