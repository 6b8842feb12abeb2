package dev.tracery.client.decode;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.ExtensionRegistryLite;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.decode.FieldReader;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.WordSize;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Puts together what descriptor and plan say of an event's fields.
final class FieldFinder {

  private static final long LOWER_32 = 0xffffffffL;

  private final DecodePlan plan;
  private final Map<Integer, FieldReader> readers;

  FieldFinder(DecodePlan plan, List<FieldReader> readers) {
    this.plan = plan;
    this.readers =
        readers.stream()
            .collect(Collectors.toMap(reader -> reader.move().fieldNumber(), Function.identity()));
  }

  /// The fields of a message, in the order of their numbers.
  ///
  /// @param name the message's full name
  /// @throws IllegalArgumentException if the file has no such message, or its options are malformed
  List<EventField> find(FileDescriptorProto file, String name) {
    String prefix = file.getPackage().isEmpty() ? "" : file.getPackage() + ".";
    return file.getMessageTypeList().stream()
        .filter(message -> name.equals(prefix + message.getName()))
        .findFirst()
        .map(DescriptorProto::getFieldList)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "the reading of " + plan.getEvent() + " has no message " + name))
        .stream()
        .sorted(Comparator.comparingInt(FieldDescriptorProto::getNumber))
        .map(this::field)
        .toList();
  }

  private EventField field(FieldDescriptorProto field) {
    EventFieldOptions kernel = options(field);
    @Nullable FieldReader reader = readers.get(field.getNumber());
    boolean signed = reader == null ? isSigned(field) : reader.move().signed();
    long width =
        plan.getWordSize() == WordSize.WORD_SIZE_64
                || (reader != null && reader.move().elementSize() == Long.BYTES)
            ? -1
            : LOWER_32;
    FieldAbout about =
        new FieldAbout(
            kernel.getName().isEmpty() ? field.getName() : kernel.getName(),
            kernel.getOccurrence(),
            field.getNumber(),
            kernel.getSymbolsList().stream()
                .map(table -> new Symbols(table, signed, width))
                .toList(),
            reader);
    return reader == null ? unread(field, about, signed) : read(reader, about, signed);
  }

  private static EventField read(FieldReader reader, FieldAbout about, boolean signed) {
    return switch (reader.move().conversion()) {
      case CONVERSION_INTEGER -> new IntegerField(about, signed);
      case CONVERSION_BOOL -> new BooleanField(about);
      case CONVERSION_STRING -> new TextField(about);
      case CONVERSION_BYTES -> new BytesField(about);
      case CONVERSION_INTEGERS -> new IntegersField(about, signed);
      case CONVERSION_BITMASK -> new IntegersField(about, false);
      case CONVERSION_UNSPECIFIED, UNRECOGNIZED -> throw new AssertionError(reader.move());
    };
  }

  /// A field that the message has, and this kernel's event has not.
  private static EventField unread(FieldDescriptorProto field, FieldAbout about, boolean signed) {
    if (field.getLabel() == Label.LABEL_REPEATED) {
      return new IntegersField(about, signed);
    }
    return switch (field.getType()) {
      case TYPE_BOOL -> new BooleanField(about);
      case TYPE_STRING -> new TextField(about);
      case TYPE_BYTES -> new BytesField(about);
      default -> new IntegerField(about, signed);
    };
  }

  private static boolean isSigned(FieldDescriptorProto field) {
    return switch (field.getType()) {
      case TYPE_INT32, TYPE_INT64 -> true;
      default -> false;
    };
  }

  /// Why parsed again: what came in an answer was read without the registry of extensions.
  private EventFieldOptions options(FieldDescriptorProto field) {
    ExtensionRegistryLite extensions = ExtensionRegistryLite.newInstance();
    extensions.add(OptionsProto.eventField);
    try {
      return FieldOptions.parseFrom(field.getOptions().toByteString(), extensions)
          .getExtension(OptionsProto.eventField);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(
          "the descriptor of "
              + plan.getEvent()
              + " has malformed options at "
              + field.getName()
              + ": "
              + e.getMessage(),
          e);
    }
  }
}
