package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.consumer.EventUse;
import dev.tracery.consumer.FieldUse;
import dev.tracery.consumer.FieldUse.Place;
import dev.tracery.registry.Compatibility.FieldFit;
import dev.tracery.registry.Compatibility.FitReason;
import dev.tracery.v1.EventStruct;
import dev.tracery.v1.MemberKind;
import dev.tracery.v1.StructMember;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Fields found by name in the BTF struct of the event class. A dynamic field `name` is a member
/// `__data_loc_name` or `__rel_loc_name` there, and so another one.
final class StructFits {

  private static final String PREFIX = "trace_event_raw_";
  private static final List<String> LOCATIONS = List.of("__data_loc_", "__rel_loc_");

  private StructFits() {}

  /// @param layout of the event, whose fields tell what a struct does not; null if not known
  static UseFit fit(
      EventUse use, KernelView kernel, @Nullable Layout layout, @Nullable Layout written) {
    if (!kernel.hasTypes()) {
      return UseFit.unknown(FitReason.NO_BTF, "the kernel's BTF is not known");
    }
    Optional<EventStruct> struct = kernel.struct(use.structName());
    if (struct.isEmpty()) {
      return missing(use, kernel);
    }
    List<FieldFit> fits = new ArrayList<>(use.fields().size());
    for (FieldUse field : use.fields()) {
      fits.add(fit(field, struct.get(), layout, written));
    }
    return UseFit.ofFields(use.fields(), fits);
  }

  /// The BTF that is known is the kernel's own, without that of its modules.
  private static UseFit missing(EventUse use, KernelView kernel) {
    String event = use.event() == null ? "" : use.event().name();
    boolean ownBtf =
        use.structName().startsWith(PREFIX)
            && (kernel.parameters(event).isPresent() || kernel.struct(PREFIX + event).isPresent());
    return ownBtf
        ? UseFit.rejected(FitReason.MISSING, "there is no struct " + use.structName())
        : UseFit.unknown(
            FitReason.NO_BTF,
            "the kernel's own BTF has no struct "
                + use.structName()
                + "; if the event is a module's, it is in the module's");
  }

  private static FieldFit fit(
      FieldUse use, EventStruct struct, @Nullable Layout layout, @Nullable Layout written) {
    for (String name : use.names()) {
      StructMember member = member(struct, name);
      if (member != null && use.occurrence() == 0) {
        return found(use, name, member, layout, written);
      }
    }
    for (String name : use.names()) {
      for (String location : LOCATIONS) {
        StructMember dynamic = member(struct, location + name);
        if (dynamic != null) {
          return new FieldFit(
              name, FitReason.STORAGE_CHANGED, false, name + " → " + described(dynamic));
        }
      }
    }
    return new FieldFit(
        NameFits.preferred(use),
        FitReason.MISSING,
        false,
        "struct " + struct.getName() + " has no member " + NameFits.names(use));
  }

  private static FieldFit found(
      FieldUse use,
      String name,
      StructMember member,
      @Nullable Layout layout,
      @Nullable Layout written) {
    Place place = use.place();
    if (place != null
        && place.signed().isPresent()
        && member.getKind() == MemberKind.MEMBER_KIND_INTEGER
        && place.signed().get() != member.getSigned()) {
      return new FieldFit(
          name,
          FitReason.SIGN_CHANGED,
          false,
          (place.signed().get() ? "signed" : "unsigned") + " → " + described(member));
    }
    String fieldName = fieldName(name);
    Field now = layout == null ? null : LayoutFields.named(layout, fieldName, 0);
    Field before = written == null ? null : LayoutFields.named(written, fieldName, 0);
    if (layout != null && now != null && before != null) {
      FieldFit harmed = FieldComparer.harmed(use, now, layout, before);
      if (harmed != null) {
        return new FieldFit(name, harmed.reason(), false, harmed.explanation());
      }
    }
    if (place != null && place.size() * 8L != member.getBitSize() && member.getBitSize() > 0) {
      boolean integer = member.getKind() == MemberKind.MEMBER_KIND_INTEGER;
      return new FieldFit(
          name,
          !integer
              ? FitReason.LENGTH_CHANGED
              : place.size() * 8L < member.getBitSize() ? FitReason.WIDENED : FitReason.NARROWED,
          true,
          place.size() + " bytes → " + described(member));
    }
    return place != null && place.offset() * 8L != member.getBitOffset()
        ? new FieldFit(
            name, FitReason.MOVED, true, "offset " + place.offset() + " → " + described(member))
        : new FieldFit(name, FitReason.EXACT, true, "");
  }

  static @Nullable StructMember member(EventStruct struct, String name) {
    for (StructMember member : struct.getMembersList()) {
      if (member.getName().equals(name)) {
        return member;
      }
    }
    return null;
  }

  /// What the format calls a member.
  static String fieldName(String member) {
    for (String location : LOCATIONS) {
      if (member.startsWith(location)) {
        return member.substring(location.length());
      }
    }
    return member;
  }

  private static String described(StructMember member) {
    return member.getType()
        + " "
        + member.getName()
        + " (offset "
        + member.getBitOffset() / 8
        + ", "
        + (member.getBitSize() + 7) / 8
        + " bytes"
        + (member.getKind() == MemberKind.MEMBER_KIND_INTEGER
            ? member.getSigned() ? ", signed)" : ", unsigned)"
            : ")");
  }
}
