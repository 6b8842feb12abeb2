package dev.tracery.client.negotiate;

import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a client must know of a format file: its event's id, and the hash of its layout.
///
/// The hash is the SHA-256 of: one line with word size and byte order; the file without its first
/// `ID:` line; line feeds and NULs at the end dropped, and one line feed added.
public final class FormatText {

  // Why bytes as Latin-1: a format is no text in any encoding, and each byte must stay.
  private static final Pattern ID_LINE = Pattern.compile("(?md)^ID:([^\n]*)\n?");
  private static final Pattern NUMBER = Pattern.compile("(?s)[ \t]*(\\d{1,9}).*");

  private FormatText() {}

  /// The layout's identity, the same as `dev.tracery.compiler.layout.CanonicalForm` has.
  public static Sha256 layoutHash(byte[] text, Target target) {
    String body = withoutEnd(new String(text, StandardCharsets.ISO_8859_1));
    String form =
        "tracery-layout 1 word="
            + target.wordSize().bytes()
            + " order="
            + target.byteOrder().word()
            + "\n"
            + withoutEnd(ID_LINE.matcher(body).replaceFirst(""))
            + "\n";
    return Sha256.of(form.getBytes(StandardCharsets.ISO_8859_1));
  }

  private static String withoutEnd(String text) {
    int end = text.length();
    while (end > 0 && (text.charAt(end - 1) == '\n' || text.charAt(end - 1) == 0)) {
      end--;
    }
    return text.substring(0, end);
  }

  /// The number after the first `ID:`; 0 if there is none.
  public static int id(byte[] text) {
    Matcher line = ID_LINE.matcher(new String(text, StandardCharsets.ISO_8859_1));
    if (!line.find()) {
      return 0;
    }
    Matcher number = NUMBER.matcher(line.group(1));
    return number.matches() ? Integer.parseInt(number.group(1)) : 0;
  }
}
