package dev.tracery.cli;

import dev.tracery.cli.Table.Align;
import dev.tracery.v1.GetSchemaResponse;
import dev.tracery.v1.Layout;
import dev.tracery.v1.LayoutField;
import java.util.List;

/// Writes a layout for people: its fields with their places in the record.
final class LayoutText {

  private final Output out;
  private final Palette palette;

  LayoutText(Output out, Palette palette) {
    this.out = out;
    this.palette = palette;
  }

  void write(GetSchemaResponse schema) {
    Layout layout = schema.getLayout();
    out.line("event   " + palette.heading(Terms.printable(schema.getEvent())));
    out.line("layout  " + Terms.hex(layout.getHash()));
    out.line("target  " + Terms.target(layout.getWordSize(), layout.getByteOrder()));
    out.line("schema  " + schema.getMessageName() + ", version " + schema.getVersion());
    out.line("");
    Table table =
        new Table(
            out,
            palette,
            List.of(Align.RIGHT, Align.RIGHT, Align.LEFT, Align.LEFT),
            List.of("OFFSET", "SIZE", "SIGNED", "FIELD"));
    layout.getCommonFieldsList().forEach(field -> row(table, field));
    layout.getFieldsList().forEach(field -> row(table, field));
    table.end();
    out.line("");
    out.line("print fmt: " + Terms.printable(layout.getPrintFormat()));
  }

  private static void row(Table table, LayoutField field) {
    table.row(
        Integer.toUnsignedString(field.getOffset()),
        field.getSize() == 0 ? "rest" : Integer.toUnsignedString(field.getSize()),
        field.hasSigned() ? field.getSigned() ? "yes" : "no" : "",
        Terms.printable(declaration(field)));
  }

  /// As the kernel prints it: `char prev_comm[16]`, `__data_loc char[] name`.
  private static String declaration(LayoutField field) {
    String type = field.getCType();
    int bracket = type.indexOf('[');
    boolean located = type.startsWith("__data_loc") || type.startsWith("__rel_loc");
    return bracket < 0 || located
        ? type + " " + field.getName()
        : type.substring(0, bracket) + " " + field.getName() + type.substring(bracket);
  }
}
