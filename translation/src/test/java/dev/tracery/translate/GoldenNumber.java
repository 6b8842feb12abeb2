package dev.tracery.translate;

import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.FieldKind;
import java.math.BigInteger;
import java.util.Set;

/// One integer as `trace-cmd report -R` prints it, beside ours: by the conversion of the print
/// format, or by the field's type if the print format has not the field itself.
final class GoldenNumber {

  private static final BigInteger TWO_64 = BigInteger.ONE.shiftLeft(64);

  private final GoldenTables tables;

  GoldenNumber(GoldenTables tables) {
    this.tables = tables;
  }

  boolean skipIfEqual(GoldenText text, Field field, long value, Set<Conversion> conversions) {
    long ours = field.kind() == FieldKind.UNSIGNED ? value & ones(field.size()) : value;
    int from = text.at();
    for (Conversion conversion : conversions) {
      if (converted(text, field, ours & ones(conversion.bytes()), conversion)
          || converted(text, field, ours, conversion)) {
        return true;
      }
      text.at(from);
    }
    text.skipBlanks();
    return isPlain(text.word(), field, ours);
  }

  private boolean converted(GoldenText text, Field field, long ours, Conversion conversion) {
    int from = text.at();
    String string = conversion.letters().equals("s") ? tables.string(ours) : null;
    if (string != null && text.skip(string)
        || ours == 0 && conversion.isPointer() && text.skip("(nil)")
        || conversion.letters().equals("c") && text.skip(String.valueOf((char) ours))) {
      return true;
    }
    text.at(from);
    text.skipBlanks();
    String word = text.word();
    boolean equal =
        switch (conversion.letters()) {
          // Why: %s of an address of which no string is known shows the address.
          case "x", "X", "s" -> word.matches("[0-9a-fA-F]{1,16}") && isHex(word, field, ours);
          case "o" -> word.matches("[0-7]{1,22}") && new BigInteger(word, 8).longValue() == ours;
          default ->
              conversion.isSigned()
                      && word.equals(
                          Long.toString(
                              signExtended(ours, Math.min(field.size(), conversion.bytes()))))
                  || conversion.isSymbol() && isSymbol(word, ours);
        };
    if (!equal) {
      text.at(from);
    }
    return equal || isPlainAt(text, field, ours);
  }

  private static boolean isPlainAt(GoldenText text, Field field, long ours) {
    text.skipBlanks();
    return isPlain(text.word(), field, ours);
  }

  private static boolean isPlain(String word, Field field, long ours) {
    if (word.matches("0x[0-9a-fA-F]{1,16}")) {
      return isHex(word.substring(2), field, ours);
    }
    return word.matches("-?\\d{1,20}") && new BigInteger(word).equals(withSign(field, ours));
  }

  private static BigInteger withSign(Field field, long value) {
    BigInteger number = BigInteger.valueOf(value);
    return field.kind() == FieldKind.UNSIGNED && value < 0 ? number.add(TWO_64) : number;
  }

  /// Hexadecimal digits tell nothing of the sign: the field's own bits count.
  private static boolean isHex(String digits, Field field, long ours) {
    long theirs = Long.parseUnsignedLong(digits, 16);
    return theirs == ours || theirs == (ours & ones(field.size()));
  }

  private boolean isSymbol(String word, long ours) {
    int plus = word.indexOf("+0x");
    return plus < 0
        ? tables.isIn(word, ours)
        : tables.isAt(
            word.substring(0, plus), Long.parseUnsignedLong(word.substring(plus + 3), 16), ours);
  }

  private static long ones(int bytes) {
    return bytes >= 8 ? -1 : (1L << 8 * bytes) - 1;
  }

  private static long signExtended(long value, int bytes) {
    int unused = 64 - 8 * bytes;
    return value << unused >> unused;
  }
}
