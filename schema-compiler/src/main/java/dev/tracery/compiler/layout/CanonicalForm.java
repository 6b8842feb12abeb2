package dev.tracery.compiler.layout;

import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The form of a format whose SHA-256 is the layout's identity. Simple enough that every client
/// computes it without parsing:
///
/// 1. one line `tracery-layout 1 word=W order=O`, where W is the word size in bytes (4 or 8) and O
///    is `little` or `big`;
/// 2. the format file without its `ID:` line (the first line that begins with `ID:`), because ids
///    differ from boot to boot;
/// 3. line feeds and NULs at the end dropped, and one line feed added.
public final class CanonicalForm {

  private static final byte[] ID = {'I', 'D', ':'};

  private CanonicalForm() {}

  /// The canonical form of a format file, in a new array.
  public static byte[] of(byte[] format, Target target) {
    byte[] head =
        ("tracery-layout 1 word="
                + target.wordSize().bytes()
                + " order="
                + target.byteOrder().word()
                + "\n")
            .getBytes(StandardCharsets.US_ASCII);
    int end = format.length;
    while (end > 0 && isDropped(format[end - 1])) {
      end--;
    }
    int idStart = idLine(format, end);
    int idEnd = idStart;
    while (idEnd < end && format[idEnd] != '\n') {
      idEnd++;
    }
    if (idEnd < end) {
      idEnd++;
    }
    while (idEnd == end && idStart > 0 && isDropped(format[idStart - 1])) {
      idStart--;
    }
    byte[] form = Arrays.copyOf(head, head.length + idStart + (end - idEnd) + 1);
    System.arraycopy(format, 0, form, head.length, idStart);
    System.arraycopy(format, idEnd, form, head.length + idStart, end - idEnd);
    form[form.length - 1] = '\n';
    return form;
  }

  /// The layout's identity.
  public static Sha256 hash(byte[] format, Target target) {
    return Sha256.of(of(format, target));
  }

  /// The target that a canonical form was made for.
  ///
  /// @throws IllegalArgumentException if `form` does not begin like a canonical form
  public static Target target(byte[] form) {
    for (var wordSize : dev.tracery.model.WordSize.values()) {
      for (var byteOrder : dev.tracery.model.ByteOrder.values()) {
        Target target = new Target(wordSize, byteOrder);
        byte[] head = of(new byte[0], target);
        if (Arrays.mismatch(form, head) >= head.length - 1) {
          return target;
        }
      }
    }
    throw new IllegalArgumentException("not a layout's canonical form");
  }

  private static boolean isDropped(byte last) {
    return last == '\n' || last == 0;
  }

  /// Where the `ID:` line begins, or `end` if there is none.
  private static int idLine(byte[] format, int end) {
    int line = 0;
    while (line < end) {
      if (Arrays.equals(format, line, Math.min(end, line + ID.length), ID, 0, ID.length)) {
        return line;
      }
      while (line < end && format[line] != '\n') {
        line++;
      }
      line++;
    }
    return end;
  }
}
