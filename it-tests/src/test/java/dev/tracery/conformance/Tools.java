package dev.tracery.conformance;

import com.google.protobuf.ByteString;
import dev.tracery.v1.AccessClass;
import dev.tracery.v1.Consumer;
import dev.tracery.v1.EventUse;
import dev.tracery.v1.FieldPlace;
import dev.tracery.v1.FieldUse;
import dev.tracery.v1.Requirement;
import java.util.Arrays;
import java.util.List;

/// Words for what tools need.
final class Tools {

  private Tools() {}

  static Consumer tool(String name, Requirement... requirements) {
    return Consumer.newBuilder()
        .setName(name)
        .setVersion("1.0")
        .addAllRequirements(List.of(requirements))
        .build();
  }

  /// Without it the tool cannot run.
  static Requirement needs(EventUse... anyOf) {
    return Requirement.newBuilder().addAllAnyOf(List.of(anyOf)).build();
  }

  /// With it the tool does more.
  static Requirement likes(EventUse... anyOf) {
    return needs(anyOf).toBuilder().setOptional(true).build();
  }

  /// By name. A field is `name`, `name|other` for alternatives, or `?name` for one that is not
  /// required.
  static EventUse use(String event, String... fields) {
    EventUse.Builder use =
        EventUse.newBuilder().setEvent(event).setAccess(AccessClass.ACCESS_CLASS_BY_NAME);
    for (String field : fields) {
      boolean optional = field.startsWith("?");
      use.addFields(
          FieldUse.newBuilder()
              .addAllNames(Arrays.asList((optional ? field.substring(1) : field).split("\\|")))
              .setOptional(optional));
    }
    return use.build();
  }

  /// By name, written against a layout.
  static EventUse use(byte[] layout, String event, String... fields) {
    return use(event, fields).toBuilder().setReferenceLayout(ByteString.copyFrom(layout)).build();
  }

  /// One field by its place.
  static EventUse at(String event, String field, int offset, int size) {
    return EventUse.newBuilder()
        .setEvent(event)
        .setAccess(AccessClass.ACCESS_CLASS_BY_OFFSET)
        .addFields(
            FieldUse.newBuilder()
                .addNames(field)
                .setPlace(FieldPlace.newBuilder().setOffset(offset).setSize(size)))
        .build();
  }

  /// The struct of the event's class in the kernel's BTF.
  static EventUse struct(String event, String struct, String... fields) {
    return use(event, fields).toBuilder()
        .setAccess(AccessClass.ACCESS_CLASS_BTF_STRUCT)
        .setStructName(struct)
        .build();
  }

  /// Built for one kernel.
  static EventUse pinned(String kernel) {
    return EventUse.newBuilder()
        .setAccess(AccessClass.ACCESS_CLASS_PINNED_KERNEL)
        .setKernel(kernel)
        .build();
  }
}
