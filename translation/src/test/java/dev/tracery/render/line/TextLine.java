package dev.tracery.render.line;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A line of text, taken apart.
///
/// @param head up to the time, or the whole line where it is no record's
/// @param event empty where the line names none
/// @param text what follows, blanks included; may have several lines
record TextLine(String head, String event, String text) {

  private static final Pattern RECORD =
      Pattern.compile(
          "( *\\S.*-\\d+ +(?:\\([ \\d-]{7}\\) )?\\[\\d+\\] +(?:[^ \\d]\\S* +|\\S{4,5} +)?(?:\\d+\\.)?\\d+:"
              + " )(?:([^ :(]+):)?(.*)");
  private static final Pattern OTHER = Pattern.compile("cpus=\\d+|CPU:\\d+ \\[.*\\]|#.*");

  /// Takes lines apart; those that belong to the record before them are added to it.
  static List<TextLine> of(List<String> lines) {
    List<TextLine> parsed = new ArrayList<>();
    for (String line : lines) {
      Matcher record = RECORD.matcher(line);
      if (record.matches()) {
        String event = record.group(2) == null ? "" : record.group(2);
        parsed.add(new TextLine(record.group(1), event, record.group(3)));
      } else if (OTHER.matcher(line).matches() || parsed.isEmpty()) {
        parsed.add(new TextLine(line, "", ""));
      } else {
        TextLine last = parsed.removeLast();
        parsed.add(new TextLine(last.head, last.event, last.text + "\n" + line));
      }
    }
    return parsed;
  }
}
