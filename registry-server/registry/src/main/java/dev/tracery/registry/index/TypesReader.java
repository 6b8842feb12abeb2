package dev.tracery.registry.index;

import dev.tracery.model.Sha256;
import dev.tracery.registry.log.KernelTypesAdded;
import dev.tracery.registry.log.StructAdded;
import dev.tracery.registry.log.TracepointAdded;
import dev.tracery.registry.log.TypesAdded;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads what one commit adds of kernels' BTF, against what there was before, which is not changed.
/// What does not fit is an `IllegalArgumentException`.
final class TypesReader {

  private final Types before;
  private final long revision;
  private final boolean verify;
  private final List<TracepointEntry> tracepoints = new ArrayList<>();
  private final List<StructEntry> structs = new ArrayList<>();
  private final List<TypesEntry> types = new ArrayList<>();
  private final List<TypesDelta.Given> given = new ArrayList<>();

  /// @param verify whether contents are read and hashes made again
  TypesReader(Types before, long revision, boolean verify) {
    this.before = before;
    this.revision = revision;
    this.verify = verify;
  }

  void read(TracepointAdded added) {
    TracepointEntry entry =
        new TracepointEntry(
            before.tracepointCount() + tracepoints.size(), added.getName(), added.getParameters());
    check(!entry.name().isEmpty(), "a tracepoint has no name");
    if (verify) {
      check(
          before.tracepoint(entry.name(), entry.content()).isEmpty(),
          "the tracepoint %s is there with the same parameters already",
          entry.name());
      check(entry.parameters().isInitialized(), "the tracepoint %s cannot be read", entry.name());
    }
    tracepoints.add(entry);
  }

  void read(StructAdded added) {
    StructEntry entry =
        new StructEntry(before.structCount() + structs.size(), added.getName(), added.getStruct());
    check(!entry.name().isEmpty(), "a struct has no name");
    if (verify) {
      check(
          before.struct(entry.name(), entry.content()).isEmpty(),
          "the struct %s is there with the same content already",
          entry.name());
      check(
          entry.struct().getName().equals(entry.name()),
          "the struct %s says that it is %s",
          entry.name(),
          entry.struct().getName());
    }
    structs.add(entry);
  }

  void read(TypesAdded added) {
    TracepointEntry[] ofTracepoints = new TracepointEntry[added.getTracepointsCount()];
    for (int i = 0; i < ofTracepoints.length; i++) {
      ofTracepoints[i] = tracepoint(added.getTracepoints(i));
      checkOrder(i == 0 ? "" : ofTracepoints[i - 1].name(), ofTracepoints[i].name(), i);
    }
    StructEntry[] ofStructs = new StructEntry[added.getStructsCount()];
    for (int i = 0; i < ofStructs.length; i++) {
      ofStructs[i] = struct(added.getStructs(i));
      checkOrder(i == 0 ? "" : ofStructs[i - 1].name(), ofStructs[i].name(), i);
    }
    check(ofTracepoints.length + ofStructs.length > 0, "the types of a kernel are none");
    TypesEntry entry =
        new TypesEntry(
            before.count() + types.size(),
            Sha256.ofBytes(added.getHash().toByteArray()),
            ofTracepoints,
            ofStructs);
    if (verify) {
      Sha256 found = TypesFingerprint.of(entry);
      check(
          found.equals(entry.hash()),
          "the types of a kernel should have the hash %s but have %s",
          entry.hash(),
          found);
      check(before.types(found).isEmpty(), "the types %s are there already", found);
    }
    types.add(entry);
  }

  /// @param kernel that the entry names
  /// @param isNew whether it is of this commit, and so in nobody's hands yet
  void read(KernelTypesAdded added, KernelEntry kernel, boolean isNew) {
    int known = before.count();
    int ordinal = added.getTypes();
    check(ordinal >= 0 && ordinal < known + types.size(), "there are no types number %d", ordinal);
    TypesEntry entry = ordinal < known ? before.types(ordinal) : types.get(ordinal - known);
    check(
        kernel.types(Long.MAX_VALUE).isEmpty()
            && given.stream().noneMatch(other -> other.kernel() == kernel),
        "the kernel %s has types already",
        kernel.id());
    if (isNew) {
      kernel.give(entry, revision);
    } else {
      given.add(new TypesDelta.Given(kernel, entry));
    }
  }

  /// What was read.
  TypesDelta delta() {
    return tracepoints.isEmpty() && structs.isEmpty() && types.isEmpty() && given.isEmpty()
        ? TypesDelta.NONE
        : new TypesDelta(tracepoints, structs, types, given);
  }

  private TracepointEntry tracepoint(int ordinal) {
    int known = before.tracepointCount();
    check(
        ordinal >= 0 && ordinal < known + tracepoints.size(),
        "there is no tracepoint number %d",
        ordinal);
    return ordinal < known ? before.tracepoint(ordinal) : tracepoints.get(ordinal - known);
  }

  private StructEntry struct(int ordinal) {
    int known = before.structCount();
    check(
        ordinal >= 0 && ordinal < known + structs.size(), "there is no struct number %d", ordinal);
    return ordinal < known ? before.struct(ordinal) : structs.get(ordinal - known);
  }

  private static void checkOrder(String earlier, String name, int place) {
    check(
        earlier.compareTo(name) < 0,
        "the types of a kernel cannot have %s at place %d",
        name,
        place);
  }

  // Messages are built only when they are needed, as in CommitReader.
  private static void check(boolean holds, String message, @Nullable Object... arguments) {
    if (!holds) {
      throw new IllegalArgumentException(String.format(message, arguments));
    }
  }
}
