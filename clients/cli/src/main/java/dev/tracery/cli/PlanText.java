package dev.tracery.cli;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import dev.tracery.cli.Table.Align;
import dev.tracery.v1.DecodeOperation;
import dev.tracery.v1.DecodePlan;
import dev.tracery.v1.GetSchemaResponse;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Writes a decode plan for people: one line for each field of the message.
final class PlanText {

  private final Output out;
  private final Palette palette;

  PlanText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  void write(GetSchemaResponse schema) {
    DecodePlan plan = schema.getDecodePlan();
    Map<Integer, String> names = names(schema.getDescriptorSet());
    out.line("event   " + palette.heading(Terms.printable(schema.getEvent())));
    out.line("layout  " + Terms.hex(plan.getLayoutHash()));
    out.line("target  " + Terms.target(plan.getWordSize(), plan.getByteOrder()));
    out.line("schema  " + schema.getMessageName() + ", version " + plan.getSchemaVersion());
    out.line("fixed   " + Terms.count(plan.getFixedSize(), "byte"));
    out.line("");
    Table table =
        new Table(
            out,
            palette,
            List.of(
                Align.RIGHT,
                Align.LEFT,
                Align.LEFT,
                Align.RIGHT,
                Align.RIGHT,
                Align.RIGHT,
                Align.LEFT,
                Align.LEFT),
            List.of(
                "NUMBER",
                "NAME",
                "PLACEMENT",
                "OFFSET",
                "SIZE",
                "ELEMENT",
                "SIGNED",
                "CONVERSION"));
    for (DecodeOperation operation : plan.getOperationsList()) {
      table.row(
          Integer.toString(operation.getFieldNumber()),
          names.getOrDefault(operation.getFieldNumber(), "?"),
          word(operation.getPlacement().name(), "PLACEMENT_"),
          Integer.toUnsignedString(operation.getOffset()),
          Integer.toUnsignedString(operation.getSize()),
          Integer.toUnsignedString(operation.getElementSize()),
          operation.getSigned() ? "yes" : "no",
          word(operation.getConversion().name(), "CONVERSION_"));
    }
    table.end();
  }

  /// The message's field names by number; the message's file is the last.
  private static Map<Integer, String> names(FileDescriptorSet set) {
    if (set.getFileCount() == 0) {
      return Map.of();
    }
    return set.getFile(set.getFileCount() - 1).getMessageTypeList().stream()
        .flatMap(message -> message.getFieldList().stream())
        .collect(
            Collectors.toMap(
                FieldDescriptorProto::getNumber, FieldDescriptorProto::getName, (a, b) -> a));
  }

  private static String word(String name, String prefix) {
    return name.replace(prefix, "").toLowerCase(Locale.ROOT);
  }
}
