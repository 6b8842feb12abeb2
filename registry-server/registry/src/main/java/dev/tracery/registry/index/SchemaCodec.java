package dev.tracery.registry.index;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.SymbolTable;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.log.SchemaContent;
import dev.tracery.registry.log.SchemaFieldContent;
import dev.tracery.registry.log.SymbolTableContent;
import java.util.ArrayList;
import java.util.List;

/// Schema versions as the log holds them.
public final class SchemaCodec {

  private SchemaCodec() {}

  /// The content of a version. The event, its message's name and the number are kept beside it.
  public static SchemaContent write(SchemaVersion schema) {
    SchemaContent.Builder content = SchemaContent.newBuilder();
    schema.fields().forEach(field -> content.addFields(write(field)));
    schema.removed().forEach(field -> content.addRemoved(write(field)));
    return content.setPrintFormat(schema.printFormat()).build();
  }

  /// The schema of a version.
  ///
  /// @throws RegistryException DATA_LOSS if the content is damaged
  public static SchemaVersion read(VersionEntry version) {
    try {
      SchemaContent content = SchemaContent.parseFrom(version.content());
      return new SchemaVersion(
          version.event().name(),
          version.event().messageName(),
          version.number(),
          content.getFieldsList().stream().map(SchemaCodec::read).toList(),
          content.getRemovedList().stream().map(SchemaCodec::read).toList(),
          content.getPrintFormat());
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      throw new RegistryException(
          RegistryException.Code.DATA_LOSS,
          version.event().text(),
          "the log is damaged: version "
              + version.number()
              + " of "
              + version.event().text()
              + " (revision "
              + version.revision()
              + ") cannot be read: "
              + e.getMessage());
    }
  }

  private static SchemaFieldContent write(SchemaField field) {
    SchemaFieldContent.Builder content =
        SchemaFieldContent.newBuilder()
            .setNumber(field.number())
            .setProtoName(field.protoName())
            .setName(field.name())
            .setOccurrence(field.occurrence())
            .setKind(number(field.kind()))
            .setWide(field.wide())
            .setCType(field.cType());
    field.symbols().forEach(table -> content.addSymbols(write(table)));
    return content.build();
  }

  private static SymbolTableContent write(SymbolTable table) {
    SymbolTableContent.Builder content =
        SymbolTableContent.newBuilder()
            .setFlags(table.match() == SymbolTable.Match.FLAGS)
            .setShift(table.shift())
            .setMask(table.mask())
            .setDelimiter(table.delimiter());
    for (SymbolTable.Symbol symbol : table.symbols()) {
      content.addValues(symbol.value()).addNames(symbol.name());
    }
    return content.build();
  }

  private static SchemaField read(SchemaFieldContent content) {
    return new SchemaField(
        content.getNumber(),
        content.getProtoName(),
        content.getName(),
        content.getOccurrence(),
        kind(content.getKind()),
        content.getWide(),
        content.getCType(),
        content.getSymbolsList().stream().map(SchemaCodec::read).toList());
  }

  private static SymbolTable read(SymbolTableContent content) {
    if (content.getValuesCount() != content.getNamesCount()) {
      throw new IllegalArgumentException(
          "a symbol table has "
              + content.getValuesCount()
              + " values and "
              + content.getNamesCount()
              + " names");
    }
    List<SymbolTable.Symbol> symbols = new ArrayList<>(content.getValuesCount());
    for (int i = 0; i < content.getValuesCount(); i++) {
      symbols.add(new SymbolTable.Symbol(content.getValues(i), content.getNames(i)));
    }
    return new SymbolTable(
        content.getFlags() ? SymbolTable.Match.FLAGS : SymbolTable.Match.VALUE,
        content.getShift(),
        content.getMask(),
        content.getDelimiter(),
        symbols);
  }

  private static int number(FieldKind kind) {
    return switch (kind) {
      case SIGNED -> 1;
      case UNSIGNED -> 2;
      case BOOL -> 3;
      case STRING -> 4;
      case BYTES -> 5;
      case SIGNED_ARRAY -> 6;
      case UNSIGNED_ARRAY -> 7;
      case BITMASK -> 8;
    };
  }

  private static FieldKind kind(int number) {
    return switch (number) {
      case 1 -> FieldKind.SIGNED;
      case 2 -> FieldKind.UNSIGNED;
      case 3 -> FieldKind.BOOL;
      case 4 -> FieldKind.STRING;
      case 5 -> FieldKind.BYTES;
      case 6 -> FieldKind.SIGNED_ARRAY;
      case 7 -> FieldKind.UNSIGNED_ARRAY;
      case 8 -> FieldKind.BITMASK;
      default ->
          throw new IllegalArgumentException("there is no field kind with the number " + number);
    };
  }
}
