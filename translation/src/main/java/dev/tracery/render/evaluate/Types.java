package dev.tracery.render.evaluate;

import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.TypeName;
import dev.tracery.model.WordSize;
import java.util.function.Function;

/// Turns the names of types into types.
final class Types {

  private final WordSize wordSize;
  private final CType plainChar;
  private final Function<String, CType> typeOf;
  private final Structs structs;

  /// @param plainChar what `char` is
  /// @param typeOf the type of an expression's text
  Types(WordSize wordSize, CType plainChar, Structs structs, Function<String, CType> typeOf) {
    this.wordSize = wordSize;
    this.plainChar = plainChar;
    this.structs = structs;
    this.typeOf = typeOf;
  }

  CType named(TypeName name) {
    return declared(base(name.base()), name.declarator());
  }

  private CType base(String base) {
    if (base.equals("void")) {
      return new CType.Void();
    }
    if (base.equals("char")) {
      return plainChar;
    }
    if (base.startsWith("typeof ( ") && base.endsWith(" )")) {
      return typeOf.apply(base.substring("typeof ( ".length(), base.length() - 2));
    }
    // Why: BUILD_BUG_ON_ZERO(e) is the size of a struct without members, in GENMASK for one.
    if (base.startsWith("struct { int : ( - ! ! (")) {
      return new CType.Struct(base, 0);
    }
    IntegerType type = new TypeName(base, "").integerType();
    return type != null ? new CType.Int(type) : structs.named(base);
  }

  private CType declared(CType base, String declarator) {
    if (base instanceof CType.Unknown) {
      return base;
    }
    int group = declarator.indexOf('(');
    if (group >= 0) {
      int end = declarator.indexOf(')', group);
      if (end < 0 || declarator.indexOf('(', end) >= 0) {
        return declarator.contains("*")
            ? CType.ADDRESS
            : new CType.Unknown("the type " + declarator);
      }
      CType inner = suffixed(declarator.substring(0, group), declarator.substring(end + 1), base);
      return suffixed(declarator.substring(group + 1, end), "", inner);
    }
    int bracket = declarator.indexOf('[');
    return bracket < 0
        ? suffixed(declarator, "", base)
        : suffixed(declarator.substring(0, bracket), declarator.substring(bracket), base);
  }

  private static CType suffixed(String stars, String brackets, CType base) {
    CType type = base;
    for (int i = 0; i < stars.length(); i++) {
      if (stars.charAt(i) == '*') {
        type = new CType.Pointer(type);
      }
    }
    int end = brackets.length();
    while (end > 0) {
      int start = brackets.lastIndexOf('[', end - 1);
      if (start < 0) {
        return new CType.Unknown("the type " + brackets);
      }
      type =
          new CType.Array(type, count(brackets.substring(start + 1, Math.max(start + 1, end - 1))));
      end = start;
    }
    return type;
  }

  private static int count(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException _) {
      return -1;
    }
  }

  /// The type of the `sizeof` operator's value.
  static CType sizeType() {
    return new CType.Int(IntegerType.UNSIGNED_LONG);
  }

  WordSize wordSize() {
    return wordSize;
  }
}
