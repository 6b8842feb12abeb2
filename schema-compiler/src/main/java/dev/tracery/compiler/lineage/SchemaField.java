package dev.tracery.compiler.lineage;

import dev.tracery.compiler.layout.FieldKind;
import dev.tracery.compiler.layout.SymbolTable;
import java.util.List;

/// One field of a schema version.
///
/// @param number the protobuf field number, never given to another meaning within the lineage
/// @param protoName the protobuf name, unique for ever within the lineage
/// @param name the kernel's name
/// @param occurrence which of the fields of that name, from 0
/// @param kind what it holds
/// @param wide whether integers have 64 bits; never narrows again within the lineage
/// @param cType the C type as the layout spelled it with which this version began
/// @param symbols the names of its values
public record SchemaField(
    int number,
    String protoName,
    String name,
    int occurrence,
    FieldKind kind,
    boolean wide,
    String cType,
    List<SymbolTable> symbols) {

  public SchemaField {
    symbols = List.copyOf(symbols);
  }
}
