package dev.tracery.it;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads and changes single lines of a format file.
public final class FormatText {

  private static final Pattern ID = Pattern.compile("(?m)^ID: (\\d+)$");
  private static final Pattern FIELD =
      Pattern.compile("(?m)^\\tfield:.*;\\toffset:(\\d+);\\tsize:(\\d+);.*\\n");

  private FormatText() {}

  /// The number of the `ID:` line.
  public static int id(byte[] text) {
    Matcher line = ID.matcher(string(text));
    if (!line.find()) {
      throw new IllegalArgumentException("there is no ID: line");
    }
    return Integer.parseInt(line.group(1));
  }

  /// `OFFSET+SIZE` of the event's own fields, those after the blank line, in order.
  public static List<String> fields(byte[] text) {
    String all = string(text);
    int blank = all.indexOf("\n\n");
    return FIELD
        .matcher(blank < 0 ? all : all.substring(blank))
        .results()
        .map(field -> field.group(1) + "+" + field.group(2))
        .toList();
  }

  /// The same format with another number in the `ID:` line.
  public static byte[] withId(byte[] text, int id) {
    return bytes(ID.matcher(string(text)).replaceFirst("ID: " + id));
  }

  /// The same format with one more field of 8 bytes behind the others.
  public static byte[] withField(byte[] text, String name) {
    String before = string(text);
    Matcher field = FIELD.matcher(before);
    int end = 0;
    int at = 0;
    while (field.find()) {
      end = Math.max(end, Integer.parseInt(field.group(1)) + Integer.parseInt(field.group(2)));
      at = field.end();
    }
    String line =
        "\tfield:u64 %s;\toffset:%d;\tsize:8;\tsigned:0;\n".formatted(name, (end + 7) / 8 * 8);
    return bytes(before.substring(0, at) + line + before.substring(at));
  }

  private static String string(byte[] text) {
    return new String(text, StandardCharsets.ISO_8859_1);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
