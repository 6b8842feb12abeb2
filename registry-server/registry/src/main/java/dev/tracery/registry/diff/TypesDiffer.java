package dev.tracery.registry.diff;

import dev.tracery.registry.diff.TypesDiff.Extent;
import dev.tracery.registry.diff.TypesDiff.ParametersChange;
import dev.tracery.registry.diff.TypesDiff.Presence;
import dev.tracery.registry.diff.TypesDiff.StructChange;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.StructMember;
import dev.tracery.v1.Tracepoint;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/// Compares what the BTF of two kernels says of their trace events: the types of what tracepoints
/// hand over, and the members of event classes' structs.
public final class TypesDiffer {

  /// What is in `to` other than in `from`. A tracepoint that only one has is no difference: its
  /// event is.
  public TypesDiff diff(KernelTypes from, KernelTypes to) {
    List<ParametersChange> parameters = new ArrayList<>();
    TreeMap<String, ParameterList> before = new TreeMap<>();
    from.getTracepointsList().forEach(t -> before.put(t.getName(), t.getParameters()));
    TreeMap<String, ParameterList> after = new TreeMap<>();
    for (Tracepoint tracepoint : to.getTracepointsList()) {
      after.put(tracepoint.getName(), tracepoint.getParameters());
    }
    before.forEach((name, old) -> {
      ParameterList now = after.get(name);
      if (now != null && !types(old).equals(types(now))) {
        parameters.add(
            new ParametersChange(name, extent(types(old), types(now)), text(old), text(now)));
      }
    });
    return new TypesDiff(parameters, structs(from, to));
  }

  private static Extent extent(List<String> old, List<String> now) {
    if (old.size() < now.size()) {
      return now.subList(0, old.size()).equals(old)
          ? Extent.APPENDED
          : isWithin(old, now) ? Extent.INSERTED : Extent.CHANGED;
    }
    return old.size() > now.size() && isWithin(now, old) ? Extent.REMOVED : Extent.CHANGED;
  }

  /// Whether all of `part` is in `whole` in the same order.
  private static boolean isWithin(List<String> part, List<String> whole) {
    int found = 0;
    for (String each : whole) {
      if (found < part.size() && part.get(found).equals(each)) {
        found++;
      }
    }
    return found == part.size();
  }

  private static List<String> types(ParameterList list) {
    return list.getParametersList().stream().map(Parameter::getType).toList();
  }

  private static String text(ParameterList list) {
    List<String> parameters = new ArrayList<>();
    for (Parameter parameter : list.getParametersList()) {
      parameters.add(declared(parameter.getType(), parameter.getName()));
    }
    return "(" + String.join(", ", parameters) + ")";
  }

  private static String declared(String type, String name) {
    return name.isEmpty() || type.endsWith("*") ? type + name : type + " " + name;
  }

  private static List<StructChange> structs(KernelTypes from, KernelTypes to) {
    TreeMap<String, EventStruct> before = new TreeMap<>();
    from.getStructsList().forEach(struct -> before.put(struct.getName(), struct));
    TreeMap<String, EventStruct> after = new TreeMap<>();
    to.getStructsList().forEach(struct -> after.put(struct.getName(), struct));
    TreeMap<String, StructChange> changes = new TreeMap<>();
    before.forEach((name, old) -> {
      EventStruct now = after.get(name);
      if (now == null) {
        changes.put(name, new StructChange(name, Presence.GONE, members(old), List.of()));
      } else if (!old.equals(now)) {
        changes.put(name, change(name, members(old), members(now)));
      }
    });
    after.forEach((name, now) -> {
      if (!before.containsKey(name)) {
        changes.put(name, new StructChange(name, Presence.NEW, List.of(), members(now)));
      }
    });
    return List.copyOf(changes.values());
  }

  private static StructChange change(String name, List<String> old, List<String> now) {
    List<String> gone = new ArrayList<>(old);
    gone.removeAll(now);
    List<String> added = new ArrayList<>(now);
    added.removeAll(old);
    return new StructChange(name, Presence.BOTH, gone, added);
  }

  /// The members, and the size last.
  private static List<String> members(EventStruct struct) {
    List<String> members = new ArrayList<>();
    for (StructMember member : struct.getMembersList()) {
      members.add(
          declared(member.getType(), member.getName())
              + " (offset "
              + member.getBitOffset() / 8
              + (member.getBitOffset() % 8 == 0 ? "" : " bit " + member.getBitOffset() % 8)
              + ", "
              + size(member.getBitSize())
              + (member.getKind() == MemberKind.MEMBER_KIND_INTEGER && !member.getSigned()
                  ? ", unsigned)"
                  : ")"));
    }
    members.add("size " + struct.getSize());
    return members;
  }

  private static String size(int bits) {
    return bits % 8 != 0 ? bits + " bits" : bits == 8 ? "1 byte" : bits / 8 + " bytes";
  }
}
