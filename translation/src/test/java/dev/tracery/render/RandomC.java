package dev.tracery.render;

import java.util.Random;

/// Makes random C expressions over the fields of [GccOracleTest], without what C leaves undefined.
final class RandomC {

  private static final String[] FIELDS = {
    "l", "ul", "sq", "uq", "si", "ui", "sh", "uh", "sc", "uc", "tt"
  };
  private static final String[] CASTS = {
    "s8", "u8", "s16", "u16", "int", "unsigned int", "long", "unsigned long", "s64", "u64", "bool"
  };
  private static final String[] LITERALS = {
    "0",
    "1",
    "2",
    "-1",
    "7",
    "127",
    "128",
    "255",
    "256",
    "0x7fff",
    "0x8000",
    "0xffff",
    "65536",
    "0x7fffffff",
    "0x80000000",
    "0xffffffff",
    "2147483648",
    "4294967296",
    "0x7fffffffffffffff",
    "0x8000000000000000",
    "0xffffffffffffffffULL",
    "1U",
    "3L",
    "5UL",
    "9LL",
    "0x10ULL",
    "010",
    "'a'",
    "'\\n'",
    "'\\x41'",
    "'\\''",
    "1000000007"
  };
  private static final String[] OPERATORS = {
    "+", "-", "*", "&", "|", "^", "==", "!=", "<", ">", "<=", ">=", "&&", "||"
  };

  private final Random random;
  private int variables;

  RandomC(Random random) {
    this.random = random;
  }

  private String pick(String[] from) {
    return from[random.nextInt(from.length)];
  }

  /// An integer expression of at most that height.
  String expression(int height) {
    if (height <= 0 || random.nextInt(8) == 0) {
      return leaf();
    }
    String a = expression(height - 1);
    String b = expression(height - 1);
    return switch (random.nextInt(18)) {
      case 0, 1, 2, 3, 4 -> bracketed(a + " " + pick(OPERATORS) + " " + b);
      case 5 -> bracketed(a + " / ((" + b + " & 63) + 1)");
      case 6 -> bracketed(a + " % ((" + b + " & 63) + 1)");
      case 7 -> bracketed(a + " << (" + b + " & 7)");
      case 8 -> bracketed(a + " >> (" + b + " & 7)");
      case 9, 10 -> "((" + pick(CASTS) + ")" + a + ")";
      case 11 -> pick(new String[] {"-", "~", "!", "+"}) + "(" + a + ")";
      case 12 -> bracketed(a + " ? " + b + " : " + expression(height - 1));
      case 13 -> bracketed(a + " ?: " + b);
      // Why a field before the comma: gcc 12 dies of (bool)(1, 2).
      case 14 -> "(REC->" + pick(FIELDS) + " + (" + a + "), " + b + ")";
      case 15 -> "sizeof(" + a + ")";
      case 16 -> memory(a);
      default -> statements(a, b, height);
    };
  }

  /// Sometimes without the brackets that precedence makes superfluous, or does not.
  private String bracketed(String expression) {
    return random.nextInt(5) == 0
        ? "(" + expression.replace("  ", " ") + ")"
        : "(" + expression + ")";
  }

  private String leaf() {
    return switch (random.nextInt(4)) {
      case 0 -> pick(LITERALS);
      case 1 -> "REC->" + pick(FIELDS) + " - " + pick(FIELDS).length();
      default -> "REC->" + pick(FIELDS);
    };
  }

  private String memory(String index) {
    return switch (random.nextInt(9)) {
      case 0 -> "REC->bytes[(" + index + ") & 7]";
      case 1 -> "REC->ints[(" + index + ") & 3]";
      case 2 -> "*(REC->ints + ((" + index + ") & 3))";
      case 3 -> "((u16 *)REC->ints)[(" + index + ") & 7]";
      case 4 -> "*(s16 *)&REC->si";
      case 5 -> "(&REC->ints[(" + index + ") & 3] - REC->ints)";
      case 6 -> "(REC->bytes + ((" + index + ") & 7) > REC->bytes)";
      case 7 -> "((int[]){3, " + index + ", -5})[(" + index + ") & 1]";
      default -> "__builtin_bswap32(" + index + ")";
    };
  }

  private String statements(String a, String b, int height) {
    String x = "__x" + variables++;
    return switch (random.nextInt(4)) {
      case 0 ->
          "({ typeof("
              + a
              + ") "
              + x
              + " = ("
              + a
              + "); ("
              + b
              + ") < "
              + x
              + " ? 1 : "
              + x
              + "; })";
      case 1 ->
          "({ int i"
              + x
              + "; long "
              + x
              + " = 0; for (i"
              + x
              + " = 0; i"
              + x
              + " < 4; i"
              + x
              + "++) "
              + x
              + " += REC->ints[i"
              + x
              + "]; "
              + x
              + "; })";
      case 2 ->
          "({ "
              + pick(CASTS)
              + " "
              + x
              + "; switch (("
              + a
              + ") & 3) { case 0: "
              + x
              + " = 1; break; case 1: "
              + x
              + " = "
              + b
              + "; case 3: "
              + x
              + " = 7; break; default: "
              + x
              + " = "
              + leaf()
              + "; } "
              + x
              + "; })";
      default ->
          "({ u8 "
              + x
              + " = 250; while ("
              + x
              + " < 254) { "
              + x
              + "++; if (("
              + a
              + ") & 1) break; } "
              + x
              + "--; "
              + x
              + "; })";
    };
  }

  /// A conversion with its flags, and the type that it takes.
  ///
  /// @param type what C casts the argument to
  record Conversion(String text, String type) {}

  Conversion conversion() {
    boolean signed = random.nextInt(3) == 0;
    String[] lengths = {"hh", "h", "", "l", "ll", "z"};
    String[] signedTypes = {"signed char", "short", "int", "long", "long long", "long"};
    int length = random.nextInt(lengths.length);
    String letter =
        signed ? random.nextBoolean() ? "d" : "i" : pick(new String[] {"u", "x", "X", "o"});
    String flags = random.nextInt(3) == 0 ? "-" : "";
    if (signed && random.nextInt(3) == 0) {
      flags += random.nextBoolean() ? "+" : " ";
    }
    String width = random.nextInt(3) == 0 ? "" + (1 + random.nextInt(24)) : "";
    String precision = "";
    if (random.nextInt(4) == 0) {
      precision = "." + (1 + random.nextInt(22));
    } else if (random.nextInt(3) == 0) {
      flags += "0";
    }
    String type = signedTypes[length];
    return new Conversion(
        "%" + flags + width + precision + lengths[length] + letter,
        signed ? type : "unsigned " + type.replace("signed char", "char"));
  }
}
