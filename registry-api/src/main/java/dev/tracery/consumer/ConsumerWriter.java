package dev.tracery.consumer;

import com.google.protobuf.ByteString;
import dev.tracery.v1.FieldPlace;
import dev.tracery.v1.Parameter;
import dev.tracery.v1.ParameterList;
import dev.tracery.v1.TextKeys;
import dev.tracery.v1.WholeText;

/// Writes a consumer for the wire.
public final class ConsumerWriter {

  private ConsumerWriter() {}

  /// The message of `consumer`.
  public static dev.tracery.v1.Consumer write(Consumer consumer) {
    dev.tracery.v1.Consumer.Builder wire =
        dev.tracery.v1.Consumer.newBuilder()
            .setName(consumer.name())
            .setVersion(consumer.version())
            .setSource(consumer.source());
    consumer.requirements().forEach(requirement -> wire.addRequirements(write(requirement)));
    return wire.build();
  }

  /// The message of `requirement`.
  public static dev.tracery.v1.Requirement write(Requirement requirement) {
    dev.tracery.v1.Requirement.Builder wire =
        dev.tracery.v1.Requirement.newBuilder().setOptional(requirement.optional());
    requirement.anyOf().forEach(use -> wire.addAnyOf(write(use)));
    return wire.build();
  }

  /// The message of `use`.
  public static dev.tracery.v1.EventUse write(EventUse use) {
    dev.tracery.v1.EventUse.Builder wire =
        dev.tracery.v1.EventUse.newBuilder()
            .setAccess(write(use.access()))
            .setExactCount(use.exactCount())
            .setStructName(use.structName())
            .setKernel(use.kernel());
    if (use.event() != null) {
      wire.setEvent(use.event().toString());
    }
    use.fields().forEach(field -> wire.addFields(write(field)));
    if (use.text() != null) {
      wire.setText(write(use.text()));
    }
    if (use.access() == AccessClass.RAW_ARGS) {
      ParameterList.Builder parameters = ParameterList.newBuilder();
      for (EventUse.Parameter parameter : use.parameters()) {
        parameters.addParameters(
            Parameter.newBuilder().setType(parameter.type()).setName(parameter.name()));
      }
      wire.setParameters(parameters);
    }
    if (use.referenceLayout() != null) {
      wire.setReferenceLayout(ByteString.copyFrom(use.referenceLayout().bytes()));
    }
    return wire.build();
  }

  /// The constant of `access`.
  public static dev.tracery.v1.AccessClass write(AccessClass access) {
    return switch (access) {
      case BY_NAME -> dev.tracery.v1.AccessClass.ACCESS_CLASS_BY_NAME;
      case BY_OFFSET -> dev.tracery.v1.AccessClass.ACCESS_CLASS_BY_OFFSET;
      case POSITIONAL -> dev.tracery.v1.AccessClass.ACCESS_CLASS_POSITIONAL;
      case BTF_STRUCT -> dev.tracery.v1.AccessClass.ACCESS_CLASS_BTF_STRUCT;
      case PRINT_TEXT -> dev.tracery.v1.AccessClass.ACCESS_CLASS_PRINT_TEXT;
      case RAW_ARGS -> dev.tracery.v1.AccessClass.ACCESS_CLASS_RAW_ARGS;
      case PINNED_KERNEL -> dev.tracery.v1.AccessClass.ACCESS_CLASS_PINNED_KERNEL;
    };
  }

  private static dev.tracery.v1.FieldUse write(FieldUse field) {
    dev.tracery.v1.FieldUse.Builder wire =
        dev.tracery.v1.FieldUse.newBuilder()
            .addAllNames(field.names())
            .setOptional(field.optional())
            .setInterpretsValues(field.interpretsValues())
            .setOccurrence(field.occurrence())
            .setNameMatters(field.nameMatters());
    FieldUse.Place place = field.place();
    if (place != null) {
      FieldPlace.Builder bytes =
          FieldPlace.newBuilder().setOffset(place.offset()).setSize(place.size());
      place.signed().ifPresent(bytes::setSigned);
      wire.setPlace(bytes);
    }
    return wire.build();
  }

  private static dev.tracery.v1.TextUse write(TextUse text) {
    dev.tracery.v1.TextUse.Builder wire = dev.tracery.v1.TextUse.newBuilder();
    switch (text) {
      case TextUse.Pattern(String regex) -> wire.setPattern(regex);
      case TextUse.Keys(var keys) -> wire.setKeys(TextKeys.newBuilder().addAllKeys(keys));
      case TextUse.Whole() -> wire.setWhole(WholeText.getDefaultInstance());
    }
    return wire.build();
  }
}
