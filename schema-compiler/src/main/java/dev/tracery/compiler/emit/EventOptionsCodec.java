package dev.tracery.compiler.emit;

import dev.tracery.compiler.layout.SymbolTable;
import dev.tracery.compiler.lineage.SchemaField;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.EventName;
import dev.tracery.v1.EventFieldOptions;
import dev.tracery.v1.EventOptions;
import dev.tracery.v1.FieldKind;
import dev.tracery.v1.RemovedField;
import dev.tracery.v1.Symbol;
import dev.tracery.v1.SymbolMatch;
import java.util.ArrayList;
import java.util.List;

/// The options that an event message and its fields carry, to and from the model.
final class EventOptionsCodec {

  private EventOptionsCodec() {}

  static EventOptions message(SchemaVersion schema) {
    EventOptions.Builder options =
        EventOptions.newBuilder()
            .setSystem(schema.event().system())
            .setName(schema.event().name())
            .setVersion(schema.version())
            .setPrintFormat(schema.printFormat());
    for (SchemaField removed : schema.removed()) {
      options.addRemoved(
          RemovedField.newBuilder()
              .setNumber(removed.number())
              .setName(removed.protoName())
              .setField(field(removed))
              .setWide(removed.wide()));
    }
    return options.build();
  }

  static EventFieldOptions field(SchemaField field) {
    EventFieldOptions.Builder options =
        EventFieldOptions.newBuilder()
            .setName(field.name())
            .setOccurrence(field.occurrence())
            .setCType(field.cType())
            .setKind(kind(field.kind()));
    for (SymbolTable table : field.symbols()) {
      options.addSymbols(table(table));
    }
    return options.build();
  }

  static EventName event(EventOptions options) {
    return new EventName(options.getSystem(), options.getName());
  }

  static List<SchemaField> removed(EventOptions options) {
    List<SchemaField> removed = new ArrayList<>(options.getRemovedCount());
    for (RemovedField field : options.getRemovedList()) {
      removed.add(field(field.getNumber(), field.getName(), field.getWide(), field.getField()));
    }
    return removed;
  }

  /// @throws IllegalArgumentException if the options have a kind that this version does not know
  static SchemaField field(int number, String protoName, boolean wide, EventFieldOptions options) {
    List<SymbolTable> tables = new ArrayList<>(options.getSymbolsCount());
    for (dev.tracery.v1.SymbolTable table : options.getSymbolsList()) {
      tables.add(table(table));
    }
    return new SchemaField(
        number,
        protoName,
        options.getName(),
        options.getOccurrence(),
        kind(options.getKind()),
        wide,
        options.getCType(),
        tables);
  }

  private static dev.tracery.v1.SymbolTable table(SymbolTable table) {
    var message =
        dev.tracery.v1.SymbolTable.newBuilder()
            .setMatch(
                switch (table.match()) {
                  case VALUE -> SymbolMatch.SYMBOL_MATCH_VALUE;
                  case FLAGS -> SymbolMatch.SYMBOL_MATCH_FLAGS;
                })
            .setShift(table.shift())
            .setMask(table.mask())
            .setDelimiter(table.delimiter());
    for (SymbolTable.Symbol symbol : table.symbols()) {
      message.addSymbols(Symbol.newBuilder().setValue(symbol.value()).setName(symbol.name()));
    }
    return message.build();
  }

  private static SymbolTable table(dev.tracery.v1.SymbolTable message) {
    List<SymbolTable.Symbol> symbols = new ArrayList<>(message.getSymbolsCount());
    for (Symbol symbol : message.getSymbolsList()) {
      symbols.add(new SymbolTable.Symbol(symbol.getValue(), symbol.getName()));
    }
    return new SymbolTable(
        message.getMatch() == SymbolMatch.SYMBOL_MATCH_FLAGS
            ? SymbolTable.Match.FLAGS
            : SymbolTable.Match.VALUE,
        message.getShift(),
        message.getMask(),
        message.getDelimiter(),
        symbols);
  }

  private static FieldKind kind(dev.tracery.compiler.layout.FieldKind kind) {
    return switch (kind) {
      case SIGNED -> FieldKind.FIELD_KIND_SIGNED;
      case UNSIGNED -> FieldKind.FIELD_KIND_UNSIGNED;
      case BOOL -> FieldKind.FIELD_KIND_BOOL;
      case STRING -> FieldKind.FIELD_KIND_STRING;
      case BYTES -> FieldKind.FIELD_KIND_BYTES;
      case SIGNED_ARRAY -> FieldKind.FIELD_KIND_SIGNED_ARRAY;
      case UNSIGNED_ARRAY -> FieldKind.FIELD_KIND_UNSIGNED_ARRAY;
      case BITMASK -> FieldKind.FIELD_KIND_BITMASK;
    };
  }

  private static dev.tracery.compiler.layout.FieldKind kind(FieldKind kind) {
    return switch (kind) {
      case FIELD_KIND_SIGNED -> dev.tracery.compiler.layout.FieldKind.SIGNED;
      case FIELD_KIND_UNSIGNED -> dev.tracery.compiler.layout.FieldKind.UNSIGNED;
      case FIELD_KIND_BOOL -> dev.tracery.compiler.layout.FieldKind.BOOL;
      case FIELD_KIND_STRING -> dev.tracery.compiler.layout.FieldKind.STRING;
      case FIELD_KIND_BYTES -> dev.tracery.compiler.layout.FieldKind.BYTES;
      case FIELD_KIND_SIGNED_ARRAY -> dev.tracery.compiler.layout.FieldKind.SIGNED_ARRAY;
      case FIELD_KIND_UNSIGNED_ARRAY -> dev.tracery.compiler.layout.FieldKind.UNSIGNED_ARRAY;
      case FIELD_KIND_BITMASK -> dev.tracery.compiler.layout.FieldKind.BITMASK;
      case FIELD_KIND_UNSPECIFIED, UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "a field of unknown kind " + kind + ": the file was written by a newer version");
    };
  }
}
