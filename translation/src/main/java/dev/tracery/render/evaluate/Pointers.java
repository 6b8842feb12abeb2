package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.BinaryOperator;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.model.WordSize;

/// Pointers: what they point to, and arithmetic with them.
final class Pointers {

  private final WordSize wordSize;

  Pointers(WordSize wordSize) {
    this.wordSize = wordSize;
  }

  /// A number that the kernel uses as an address.
  static long fromKernel(long value) {
    if (Address.isOurs(value)) {
      throw new NotEvaluable("an address that no kernel has");
    }
    return value;
  }

  /// An address as a number.
  static long toNumber(long address) {
    if (Address.isOurs(address)) {
      throw new NotEvaluable("the address of the record");
    }
    return address;
  }

  /// What an object in memory has as its value.
  Operand object(CType type, Node address) {
    return switch (type) {
      case CType.Int(IntegerType integer) ->
          new Operand(type, load(address, integer), false, address);
      case CType.Pointer _ -> {
        int size = wordSize.bytes();
        yield new Operand(
            type,
            frame -> {
              long from = address.eval(frame);
              long value = frame.load(from, size);
              boolean variable = Address.isOurs(from) && Address.region(from) == Address.VARIABLES;
              return variable ? value : fromKernel(value);
            },
            false,
            address);
      }
      case CType.Array _, CType.Struct _ -> new Operand(type, address, false, address);
      case CType.Void() -> Operand.unknown("an object without a type");
      case CType.Unknown(String reason) -> Operand.unknown(reason);
    };
  }

  private Node load(Node address, IntegerType type) {
    int size = type.size(wordSize);
    int unused = 64 - 8 * size;
    return type.isSigned()
        ? frame -> frame.load(address.eval(frame), size) << unused >> unused
        : frame -> frame.load(address.eval(frame), size);
  }

  /// `pointer + index`, or minus.
  Operand add(Operand pointer, CType to, Node index, boolean minus) {
    int size = to.size(wordSize);
    if (size < 0) {
      return Operand.unknown(sizeOf(to));
    }
    Node base = pointer.node();
    long step = minus ? -size : size;
    boolean narrow = wordSize == WordSize.BITS_32;
    Node node =
        frame -> {
          long address = base.eval(frame);
          long moved = address + step * index.eval(frame);
          if (Address.isOurs(address)) {
            if (!Address.isOurs(moved) || Address.region(moved) != Address.region(address)) {
              throw new NotEvaluable("bytes outside of the record");
            }
            return moved;
          }
          return fromKernel(narrow ? moved & 0xffffffffL : moved);
        };
    return new Operand(pointer.type(), node);
  }

  /// `left - right`.
  Operand difference(Operand left, Operand right, CType to) {
    int size = to.size(wordSize);
    if (size <= 0) {
      return Operand.unknown(sizeOf(to));
    }
    Node a = left.node();
    Node b = right.node();
    CType type = new CType.Int(IntegerType.LONG);
    int unused = 64 - 8 * wordSize.bytes();
    return new Operand(
        type,
        frame -> {
          long x = a.eval(frame);
          long y = b.eval(frame);
          sameMemory(x, y);
          return ((x - y) << unused >> unused) / size;
        });
  }

  /// `left < right` and so on.
  Operand compare(BinaryOperator operator, Operand left, Operand right) {
    Node a = left.node();
    Node b = right.node();
    boolean equality = operator == BinaryOperator.EQUAL || operator == BinaryOperator.NOT_EQUAL;
    Node order =
        frame -> {
          long x = a.eval(frame);
          long y = b.eval(frame);
          if (!equality || x != 0 && y != 0) {
            sameMemory(x, y);
          }
          return Long.compareUnsigned(x, y);
        };
    Node node =
        switch (operator) {
          case EQUAL -> frame -> order.eval(frame) == 0 ? 1 : 0;
          case NOT_EQUAL -> frame -> order.eval(frame) != 0 ? 1 : 0;
          case LESS -> frame -> order.eval(frame) < 0 ? 1 : 0;
          case GREATER -> frame -> order.eval(frame) > 0 ? 1 : 0;
          case LESS_OR_EQUAL -> frame -> order.eval(frame) <= 0 ? 1 : 0;
          case GREATER_OR_EQUAL -> frame -> order.eval(frame) >= 0 ? 1 : 0;
          default -> throw new IllegalArgumentException(operator.symbol());
        };
    return Arithmetic.truth(node, left.constant() && right.constant());
  }

  private static void sameMemory(long x, long y) {
    boolean same =
        Address.isOurs(x)
            ? Address.isOurs(y) && Address.region(x) == Address.region(y)
            : !Address.isOurs(y);
    if (!same) {
      throw new NotEvaluable("the address of the record");
    }
  }

  static String sizeOf(CType type) {
    return switch (type) {
      case CType.Struct(String name, _) -> "the size of " + name;
      case CType.Unknown(String reason) -> reason;
      case CType.Array(CType of, _) -> sizeOf(of);
      default -> "the size of a type";
    };
  }
}
