package dev.tracery.compiler.btf;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.StructMember;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whether BTF and formats can be of one kernel: raw BTF does not say of which it is. Where an
/// event and its class have one name, the format's fields are the struct's members, at the same
/// places.
public final class FormatMatcher {

  private static final String STRUCT = "trace_event_raw_";

  /// Modules have classes of the same name as the kernel's: of the sample kernels, 2 events of 271
  /// differ from their own BTF, and 17 of 303 from that of another version.
  private static final int FEWEST = 4;

  private static final int PERCENT = 2;

  private FormatMatcher() {}

  /// An error if so many events differ that the BTF must be another kernel's.
  ///
  /// @param name the BTF's file, as the diagnostic names it
  public static Optional<Diagnostic> check(
      String name, KernelTypes types, Collection<Layout> layouts) {
    Map<String, Map<String, Integer>> structs = new HashMap<>();
    for (EventStruct struct : types.getStructsList()) {
      structs.put(struct.getName(), offsets(struct));
    }
    int compared = 0;
    List<String> different = new ArrayList<>();
    for (Layout layout : layouts) {
      Map<String, Integer> members = structs.get(STRUCT + layout.eventName());
      if (members != null) {
        compared++;
        if (!layout.fields().stream().allMatch(field -> isMember(field, members))) {
          different.add(layout.eventName());
        }
      }
    }
    if (different.size() < FEWEST || 100 * different.size() <= PERCENT * compared) {
      return Optional.empty();
    }
    return Optional.of(
        BtfCode.BTF_OF_OTHER_KERNEL.at(
            SourceLocation.inBinary(name, 0),
            "is the BTF of another kernel: the structs of "
                + different.size()
                + " of "
                + compared
                + " events differ from the formats, such as that of "
                + different.stream().sorted().findFirst().orElseThrow(),
            "give the BTF of the same build"));
  }

  private static Map<String, Integer> offsets(EventStruct struct) {
    Map<String, Integer> offsets = new HashMap<>();
    for (StructMember member : struct.getMembersList()) {
      offsets.put(member.getName(), member.getBitOffset());
    }
    return offsets;
  }

  private static boolean isMember(Field field, Map<String, Integer> members) {
    Integer place =
        switch (field.placement()) {
          case FIXED, REST -> members.get(field.name());
          case DATA_LOC -> members.get("__data_loc_" + field.name());
          case REL_LOC -> members.get("__rel_loc_" + field.name());
        };
    return place != null && place == 8 * field.offset();
  }
}
