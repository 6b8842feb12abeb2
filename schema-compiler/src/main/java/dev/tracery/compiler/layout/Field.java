package dev.tracery.compiler.layout;

import java.util.List;
import java.util.Optional;

/// One field line of a format. Offsets and sizes are bytes from the record's start. The columns are
/// the truth, the C type is only a name for them.
///
/// @param name verbatim
/// @param occurrence which of the fields of that name, from 0: real events have two fields of one
///   name
/// @param cType the type as the format spells it, array bounds included: `char[16]`, `__data_loc
///   u8[]`
/// @param offset where the field, or its location word, begins
/// @param size how long it is; 0 for [Placement#REST]
/// @param signed the `signed:` column; empty where an old kernel prints none
/// @param kind what it holds. Where the sign is not known, the kind is the C type's best guess
/// @param placement where the value lies
/// @param elementSize the size of one integer: 1, 2, 4 or 8. For arrays and bitmasks one element,
///   for scalars the whole; 1 for strings and bytes
/// @param wide whether the schema holds 64 bits whatever the size: `long`, `size_t` and pointers on
///   32-bit kernels, too
/// @param symbols the names that the print format has for its values
public record Field(
    String name,
    int occurrence,
    String cType,
    int offset,
    int size,
    Optional<Boolean> signed,
    FieldKind kind,
    Placement placement,
    int elementSize,
    boolean wide,
    List<SymbolTable> symbols) {

  public Field {
    symbols = List.copyOf(symbols);
  }

  /// The end of the fixed part.
  public int end() {
    return offset + size;
  }

  /// The field as the kernel prints it, without the columns: `char prev_comm[16]`, `__data_loc
  /// char[] name`.
  public String declaration() {
    int bracket = cType.indexOf('[');
    boolean dynamic = placement == Placement.DATA_LOC || placement == Placement.REL_LOC;
    return bracket < 0 || dynamic
        ? cType + " " + name
        : cType.substring(0, bracket) + " " + name + cType.substring(bracket);
  }
}
