package dev.tracery.translate;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.decode.PlanInterpreter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What is to be known of an event to read its line of a report.
record GoldenEvent(EventType type, PlanInterpreter interpreter, List<GoldenField> fields) {

  /// A field of the record, the message's field for it, and how the print format prints it.
  record GoldenField(Field field, FieldDescriptor message, Set<Conversion> conversions) {

    byte[] nameAndSign() {
      return (field.name() + "=").getBytes(StandardCharsets.UTF_8);
    }
  }

  static GoldenEvent of(EventType type, Descriptor descriptor) {
    Map<String, Set<Conversion>> conversions = Conversion.of(type.layout());
    return new GoldenEvent(
        type,
        new PlanInterpreter(type.plan()),
        type.layout().fields().stream()
            .map(field ->
                new GoldenField(
                    field,
                    descriptor.findFieldByNumber(number(type, field)),
                    conversions.getOrDefault(field.name(), Set.of())))
            .toList());
  }

  private static int number(EventType type, Field field) {
    return type.schema().fields().stream()
        .filter(in -> in.name().equals(field.name()) && in.occurrence() == field.occurrence())
        .mapToInt(SchemaField::number)
        .findFirst()
        .orElseThrow();
  }
}
