package dev.tracery.translate;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.IntegerType;
import dev.tracery.compiler.print.PrintFormat;
import dev.tracery.model.WordSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// How a print format prints a field as it is: `trace-cmd report -R` prints it in the same way
/// (print_field in libtraceevent's event-parse.c, 1.7.1).
///
/// @param letters `d`, `x`, `s`, `pS`, …
/// @param bytes of the narrowest type that the field is cast to; 8 if to none
record Conversion(String letters, int bytes) {

  private static final Pattern CONVERSION =
      Pattern.compile("%[-+ #0]*(\\*|\\d+)?(?:\\.(\\*|\\d+))?[hlLqjzt]*(%|[diouxXcs]|p[A-Za-z]?)");

  boolean isPointer() {
    return letters.startsWith("p");
  }

  boolean isSymbol() {
    return letters.matches("p[sSfF]");
  }

  boolean isSigned() {
    return letters.matches("[di]");
  }

  /// By the field's name.
  static Map<String, Set<Conversion>> of(Layout layout) {
    Map<String, Set<Conversion>> found = new HashMap<>();
    layout.printFormat().tree().ifPresent(tree -> collect(tree, layout.target().wordSize(), found));
    return found;
  }

  private static void collect(
      PrintFormat.Tree tree, WordSize wordSize, Map<String, Set<Conversion>> found) {
    int argument = 0;
    for (String letters : conversions(tree.format())) {
      if (argument >= tree.arguments().size()) {
        return;
      }
      Expression value = tree.arguments().get(argument++);
      int bytes = 8;
      while (value instanceof Expression.Cast cast) {
        IntegerType type = cast.type().integerType();
        bytes = Math.min(bytes, type == null ? 8 : type.size(wordSize));
        value = cast.operand();
      }
      if (value instanceof Expression.FieldReference(String name)) {
        found.computeIfAbsent(name, _ -> new LinkedHashSet<>()).add(new Conversion(letters, bytes));
      }
    }
  }

  /// One for each argument; `*` for a width or precision.
  private static List<String> conversions(String format) {
    List<String> found = new ArrayList<>();
    Matcher at = CONVERSION.matcher(format);
    while (at.find()) {
      if (!at.group(3).equals("%")) {
        for (int group = 1; group <= 2; group++) {
          if ("*".equals(at.group(group))) {
            found.add("*");
          }
        }
        found.add(at.group(3));
      }
    }
    return found;
  }
}
