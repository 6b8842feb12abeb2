package dev.tracery.registry.policy;

import dev.tracery.compiler.print.Constant;
import dev.tracery.compiler.print.ConstantFolder;
import dev.tracery.compiler.print.Expression;
import dev.tracery.compiler.print.Expression.Cast;
import dev.tracery.compiler.print.Expression.Conditional;
import dev.tracery.compiler.print.Expression.HelperCall;
import dev.tracery.compiler.print.Expression.Index;
import dev.tracery.compiler.print.Expression.InitializerList;
import dev.tracery.compiler.print.Expression.NamedValue;
import dev.tracery.compiler.print.Expression.StringLiteral;
import dev.tracery.model.WordSize;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Plausible texts of one `printf` conversion (Documentation/core-api/printk-formats.rst).
final class ValueTexts {

  /// How many texts one value has at most.
  private static final int MAX_TEXTS = 64;

  private static final ConstantFolder FOLDER = new ConstantFolder(WordSize.BITS_64);

  private ValueTexts() {}

  /// @param extension what follows `%p`
  /// @param value null where there is none
  static VisibleText.Piece of(
      String flags, int width, char conversion, String extension, @Nullable Expression value) {
    String manner =
        switch (conversion) {
          case 'd', 'i', 'u' -> "decimal";
          case 'x', 'X' -> flags.contains("#") ? "0x and hexadecimal" : "hexadecimal";
          case 'o' -> "octal";
          case 'c' -> "character";
          case 's' -> strings(value).manner;
          case 'p' -> extension.isEmpty() ? "address" : "%p" + extension;
          default -> "%" + conversion;
        };
    List<String> texts =
        switch (conversion) {
          case 'd', 'i' -> numbers(value, List.of("42", "0", "-7"), 10);
          case 'u' -> numbers(value, List.of("42", "0"), 10);
          // Why: a number of digits alone would look like a decimal one.
          case 'x' -> prefixed(flags, numbers(value, List.of("a1", "ffff8f2ac0de"), 16));
          case 'X' -> prefixed(flags, upper(numbers(value, List.of("a1", "ffff8f2ac0de"), 16)));
          case 'o' -> numbers(value, List.of("17", "0"), 8);
          case 'c' -> List.of("S", "a");
          case 's' -> strings(value).texts();
          case 'p' -> pointers(extension);
          default -> List.of("?");
        };
    return new VisibleText.Piece(false, manner, padded(flags, width, texts));
  }

  private static List<String> numbers(
      @Nullable Expression value, List<String> plausible, int radix) {
    Constant constant = value == null ? null : FOLDER.fold(value);
    if (constant != null) {
      return List.of(Long.toString(constant.value(), radix));
    }
    if (value instanceof Conditional choice) {
      Set<String> texts = new LinkedHashSet<>(plausible);
      texts.addAll(numbers(choice.whenTrue().orElse(null), List.of(), radix));
      texts.addAll(numbers(choice.whenFalse(), List.of(), radix));
      return texts.stream().limit(MAX_TEXTS).toList();
    }
    return plausible;
  }

  private static List<String> upper(List<String> texts) {
    return texts.stream().map(text -> text.toUpperCase(Locale.ROOT)).toList();
  }

  private static List<String> prefixed(String flags, List<String> texts) {
    return flags.contains("#") ? texts.stream().map("0x"::concat).toList() : texts;
  }

  private static List<String> padded(String flags, int width, List<String> texts) {
    if (width == 0) {
      return texts;
    }
    return texts.stream()
        .map(text -> {
          String padding =
              (flags.contains("0") && !flags.contains("-") ? "0" : " ")
                  .repeat(Math.max(0, width - text.length()));
          return flags.contains("-") ? text + padding : padding + text;
        })
        .toList();
  }

  /// How a `%s` is written.
  private record Strings(String manner, List<String> texts) {}

  private static Strings strings(@Nullable Expression value) {
    Set<String> texts = new LinkedHashSet<>();
    String manner = value == null ? "text" : collect(value, texts);
    if (texts.isEmpty()) {
      texts.add("bash");
    }
    return new Strings(manner, texts.stream().limit(MAX_TEXTS).toList());
  }

  /// Adds the texts that an expression may have.
  ///
  /// @return how they are written
  private static String collect(Expression value, Set<String> texts) {
    return switch (value) {
      case StringLiteral(String text) -> add(texts, "name", text);
      case Cast(_, Expression operand) -> collect(operand, texts);
      case Conditional choice -> {
        String whenTrue = choice.whenTrue().map(branch -> collect(branch, texts)).orElse("name");
        String whenFalse = collect(choice.whenFalse(), texts);
        yield whenTrue.equals("name") ? whenFalse : whenTrue;
      }
      case HelperCall call -> helper(call, texts);
      case Index(Expression array, _) -> collect(array, texts);
      case Expression.CompoundLiteral(_, InitializerList list) -> {
        list.elements().forEach(element -> collect(element.value(), texts));
        yield "name";
      }
      case InitializerList list -> {
        list.elements().forEach(element -> collect(element.value(), texts));
        yield "name";
      }
      case Expression.Binary(_, Expression left, Expression right) -> {
        Set<String> literals = new LinkedHashSet<>();
        String a = left instanceof StringLiteral ? collect(left, literals) : "text";
        String b = right instanceof StringLiteral ? collect(right, literals) : "text";
        texts.addAll(literals);
        yield a.equals("name") || b.equals("name") ? "name" : text(texts);
      }
      default -> text(texts);
    };
  }

  private static String text(Set<String> texts) {
    return add(texts, "text", "bash");
  }

  private static String helper(HelperCall call, Set<String> texts) {
    return switch (call.helper()) {
      case PRINT_FLAGS, PRINT_FLAGS_U64 -> {
        List<String> names = names(call);
        String delimiter =
            call.arguments().size() > 1
                    && call.arguments().get(1) instanceof StringLiteral(String d)
                ? d
                : "";
        texts.addAll(names);
        if (names.size() > 1) {
          texts.add(names.get(0) + delimiter + names.get(1));
        }
        texts.add("");
        texts.add("0x40000000");
        yield "name";
      }
      case PRINT_SYMBOLIC, PRINT_SYMBOLIC_U64 -> {
        texts.addAll(names(call));
        texts.add("0x4d");
        yield "name";
      }
      case PRINT_HEX, FTRACE_PRINT_HEX_SEQ -> add(texts, "bytes", "01 ab");
      case PRINT_HEX_STR -> add(texts, "bytes in one", "01ab");
      case PRINT_ARRAY, PRINT_DYNAMIC_ARRAY -> add(texts, "array", "{0x1,0x2}");
      case PRINT_HEX_DUMP -> add(texts, "dump", "00000000: 01 ab");
      case GET_BITMASK, GET_REL_BITMASK -> add(texts, "bitmask", "0000000a");
      case GET_CPUMASK, GET_REL_CPUMASK -> add(texts, "list of CPUs", "0-1,3");
      default -> text(texts);
    };
  }

  private static List<String> names(HelperCall call) {
    List<String> names = new ArrayList<>();
    for (NamedValue entry : call.names()) {
      if (entry.name() instanceof StringLiteral(String name) && names.size() < MAX_TEXTS - 4) {
        names.add(name);
      }
    }
    return names;
  }

  private static List<String> pointers(String extension) {
    String first = extension.isEmpty() ? "" : extension.substring(0, 1);
    return switch (first) {
      case "s", "f", "F" -> List.of("do_idle");
      case "S", "B" -> List.of("do_idle+0x1a/0x200");
      case "M" -> List.of("0a:1b:2c:3d:4e:5f");
      case "m" -> List.of("0a1b2c3d4e5f");
      case "I", "i" ->
          extension.contains("6")
              ? List.of("fe80::1")
              : extension.endsWith("p") ? List.of("10.0.0.1:80") : List.of("10.0.0.1");
      case "U" -> List.of("0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9");
      case "a" -> List.of("0x00000000fed40000");
      case "h" -> List.of("0a 1b 2c");
      case "d", "D" -> List.of("file");
      case "b" -> List.of("0-1,3");
      case "e" -> List.of("-ENOENT");
      default -> List.of("00000000a1b2c3d4", "ffff8f2ac0de0000");
    };
  }

  private static String add(Set<String> texts, String manner, String text) {
    texts.add(text);
    return manner;
  }
}
