package dev.tracery.compiler.layout;

import dev.tracery.compiler.layout.SymbolTable.Match;
import dev.tracery.compiler.layout.SymbolTable.Symbol;
import dev.tracery.compiler.print.BinaryOperator;
import dev.tracery.compiler.print.Constant;
import dev.tracery.compiler.print.ConstantFolder;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.Expression.Binary;
import dev.tracery.compiler.print.Expression.Cast;
import dev.tracery.compiler.print.Expression.FieldReference;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.NamedValue;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.compiler.print.Helper;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.compiler.syntax.FieldSyntax;
import dev.tracery.compiler.syntax.Storage;
import dev.tracery.model.WordSize;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the names that a print format has for the values of a field: `__print_symbolic` and
/// `__print_flags` of one field, possibly cast, shifted right and masked by constants. Entries
/// whose value is no constant are left out.
final class SymbolFinder {

  private final WordSize wordSize;
  private final ConstantFolder folder;
  private final List<FieldSyntax> fields;

  /// @param fields the event's own fields
  SymbolFinder(WordSize wordSize, List<FieldSyntax> fields) {
    this.wordSize = wordSize;
    this.folder = new ConstantFolder(wordSize);
    this.fields = fields;
  }

  /// The tables of each field that has some, in the print format's order.
  Map<FieldSyntax, List<SymbolTable>> find(List<HelperCall> calls) {
    if (calls.isEmpty()) {
      return Map.of();
    }
    Map<FieldSyntax, List<SymbolTable>> tables = new IdentityHashMap<>();
    for (HelperCall call : calls) {
      FieldPart part = part(call.arguments().getFirst());
      FieldSyntax field = part == null ? null : field(part.field());
      if (part == null || field == null) {
        continue;
      }
      SymbolTable table = table(call, part.simplified(8 * field.size()), field);
      List<SymbolTable> ofField = tables.computeIfAbsent(field, _ -> new ArrayList<>(1));
      if (!table.symbols().isEmpty() && !ofField.contains(table)) {
        ofField.add(table);
      }
    }
    return tables;
  }

  /// @return null if the expression is something else
  private @Nullable FieldPart part(Expression expression) {
    return switch (expression) {
      case FieldReference(String name) -> FieldPart.whole(name);
      case Cast(TypeName type, Expression operand) -> cast(type, part(operand));
      case Binary(BinaryOperator operator, Expression left, Expression right) ->
          switch (operator) {
            case AND -> {
              FieldPart masked = masked(left, right);
              yield masked == null ? masked(right, left) : masked;
            }
            case SHIFT_RIGHT -> shifted(left, right);
            default -> null;
          };
      default -> null;
    };
  }

  private @Nullable FieldPart masked(Expression value, Expression mask) {
    Constant constant = folder.fold(mask);
    FieldPart part = constant == null ? null : part(value);
    return constant == null || part == null ? null : part.masked(constant.value());
  }

  private @Nullable FieldPart shifted(Expression value, Expression count) {
    Constant constant = folder.fold(count);
    FieldPart part = constant == null ? null : part(value);
    return constant == null
            || part == null
            || constant.value() < 0
            || constant.value() > 63 - part.shift()
        ? null
        : part.shifted((int) constant.value());
  }

  private @Nullable FieldPart cast(TypeName name, @Nullable FieldPart part) {
    FieldSyntax field = part == null ? null : field(part.field());
    IntegerType type = name.integerType();
    // Why not long: print formats cast to it because helpers take it; that it cuts a 64-bit field
    // on
    // a 32-bit kernel is no reason for other names there.
    return part == null
            || field == null
            || type == null
            || type == IntegerType.BOOL
            || type == IntegerType.LONG
            || type == IntegerType.UNSIGNED_LONG
        ? part
        : part.cast(8 * type.size(wordSize), 8 * field.size());
  }

  /// The integer field of that name. A dynamic field of the same name is another one: in the kernel
  /// it is called `__data_loc_NAME`.
  private @Nullable FieldSyntax field(String name) {
    for (FieldSyntax field : fields) {
      if (field.name().equals(name)
          && field.type().storage() == Storage.PLAIN
          && !field.type().array()
          && field.size() <= 8) {
        return field;
      }
    }
    return null;
  }

  private SymbolTable table(HelperCall call, FieldPart part, FieldSyntax field) {
    boolean flags =
        switch (call.helper()) {
          case PRINT_FLAGS, PRINT_FLAGS_U64 -> true;
          default -> false;
        };
    boolean words = call.helper() == Helper.PRINT_FLAGS || call.helper() == Helper.PRINT_SYMBOLIC;
    List<Symbol> symbols = new ArrayList<>(call.names().size());
    boolean cut = false;
    for (NamedValue entry : call.names()) {
      Constant constant = folder.fold(entry.value());
      if (constant == null || !(entry.name() instanceof StringLiteral(String name))) {
        continue;
      }
      long value = constant.value();
      if (words && wordSize == WordSize.BITS_32 && field.size() == 4 && field.sign() != 1) {
        // Why: a 32-bit kernel compares `unsigned long`s, so that -1 equals 0xffffffff.
        value &= 0xffff_ffffL;
      }
      cut |= part.castBits() < 64 && value >>> (part.castBits() - 1) != 0;
      symbols.add(new Symbol(value, name));
    }
    long mask = part.mask();
    if (cut) {
      // Why: a cast to a type that is not wider changes how the value compares with these.
      long bits = FieldPart.lowBits(part.castBits());
      mask &= bits;
      symbols.replaceAll(symbol -> new Symbol(symbol.value() & bits, symbol.name()));
    }
    return new SymbolTable(
        flags ? Match.FLAGS : Match.VALUE,
        part.shift(),
        mask,
        flags && call.arguments().get(1) instanceof StringLiteral(String delimiter)
            ? delimiter
            : "",
        symbols);
  }
}
