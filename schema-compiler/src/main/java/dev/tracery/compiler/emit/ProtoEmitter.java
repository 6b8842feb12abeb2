package dev.tracery.compiler.emit;

import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.Symbol;
import dev.tracery.v1.SymbolTable;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Writes a schema version as the text of a `.proto` file; `protoc` makes the same descriptor of it
/// that [DescriptorEmitter] writes. Thread-safe.
public final class ProtoEmitter {

  /// The file's text, to be stored under the name that the descriptor has.
  public String emit(SchemaVersion schema) {
    StringBuilder out = new StringBuilder(1024);
    out.append("// ").append(schema.event()).append(", schema version ").append(schema.version());
    out.append(". Written by tracery; do not edit.\n");
    out.append("syntax = \"proto3\";\n\npackage ").append(MessageFile.packageName(schema));
    out.append(";\n\nimport \"").append(MessageFile.OPTIONS_FILE).append("\";\n\n");
    out.append("message ").append(MessageFile.simpleName(schema)).append(" {\n");
    messageOption(out, schema);
    if (!schema.removed().isEmpty()) {
      out.append("\n  reserved ").append(join(schema, f -> Integer.toString(f.number())));
      out.append(";\n  reserved ").append(join(schema, f -> quoted(f.protoName()))).append(";\n");
    }
    for (SchemaField field : schema.fields()) {
      field(out, field);
    }
    return out.append("}\n").toString();
  }

  private static void messageOption(StringBuilder out, SchemaVersion schema) {
    out.append("  option (.tracery.v1.event) = {\n");
    out.append("    system: ").append(quoted(schema.event().system()));
    out.append("\n    name: ").append(quoted(schema.event().name()));
    out.append("\n    version: ").append(schema.version());
    if (!schema.printFormat().isEmpty()) {
      out.append("\n    print_format: ").append(quoted(schema.printFormat()));
    }
    for (SchemaField removed : schema.removed()) {
      out.append("\n    removed {\n      number: ").append(removed.number());
      out.append("\n      name: ").append(quoted(removed.protoName())).append("\n      field {\n");
      fieldOptions(out, "        ", removed);
      out.append("      }\n");
      if (removed.wide()) {
        out.append("      wide: true\n");
      }
      out.append("    }");
    }
    out.append("\n  };\n");
  }

  private static void field(StringBuilder out, SchemaField field) {
    String type =
        MessageFile.type(field).name().substring("TYPE_".length()).toLowerCase(Locale.ROOT);
    out.append('\n').append(field.kind().isRepeated() ? "  repeated " : "  ").append(type);
    out.append(' ').append(field.protoName()).append(" = ").append(field.number());
    out.append(" [(.tracery.v1.event_field) = {\n");
    fieldOptions(out, "    ", field);
    out.append("  }];\n");
  }

  private static void fieldOptions(StringBuilder out, String indent, SchemaField field) {
    EventFieldOptions options = EventOptionsCodec.field(field);
    out.append(indent).append("name: ").append(quoted(field.name())).append('\n');
    if (field.occurrence() > 0) {
      out.append(indent).append("occurrence: ").append(field.occurrence()).append('\n');
    }
    out.append(indent).append("c_type: ").append(quoted(field.cType())).append('\n');
    out.append(indent).append("kind: ").append(options.getKind()).append('\n');
    for (SymbolTable table : options.getSymbolsList()) {
      out.append(indent).append("symbols {\n");
      symbols(out, indent + "  ", table);
      out.append(indent).append("}\n");
    }
  }

  private static void symbols(StringBuilder out, String indent, SymbolTable table) {
    out.append(indent).append("match: ").append(table.getMatch()).append('\n');
    if (table.getShift() != 0) {
      out.append(indent).append("shift: ").append(table.getShift()).append('\n');
    }
    if (table.getMask() != 0) {
      out.append(indent).append("mask: 0x").append(Long.toHexString(table.getMask())).append('\n');
    }
    if (!table.getDelimiter().isEmpty()) {
      out.append(indent).append("delimiter: ").append(quoted(table.getDelimiter())).append('\n');
    }
    for (Symbol symbol : table.getSymbolsList()) {
      out.append(indent).append("symbols {");
      if (symbol.getValue() != 0) {
        out.append(" value: ").append(symbol.getValue());
      }
      if (!symbol.getName().isEmpty()) {
        out.append(" name: ").append(quoted(symbol.getName()));
      }
      out.append(" }\n");
    }
  }

  private static String join(SchemaVersion schema, Function<SchemaField, String> part) {
    return schema.removed().stream().map(part).collect(Collectors.joining(", "));
  }

  /// A string literal as protoc reads it: everything but printable ASCII as octal escapes of its
  /// UTF-8 bytes.
  private static String quoted(String text) {
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      if (b == '"' || b == '\\') {
        out.append('\\').append((char) b);
      } else if (b == '\n') {
        out.append("\\n");
      } else if (b >= ' ' && b < 0x7f) {
        out.append((char) b);
      } else {
        out.append(String.format("\\%03o", b & 0xff));
      }
    }
    return out.append('"').toString();
  }
}
