package dev.tracery.render.line;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A difference between our text and `trace-cmd report`'s that is meant: a line of
/// `report-differences.txt`, where the format is told.
///
/// @param number of its line, which names it
/// @param plugins whether it is one to the text with libtraceevent's plugins
/// @param plain whether it is one to the text without them
/// @param events the events
/// @param kernels the kernels
/// @param seen a trace that shows it: `KERNEL/TRACE`, or a part of that
/// @param theirs what they print
/// @param ours what we print; `$1` is what the first group of `theirs` matched
record KnownDifference(
    int number,
    boolean plugins,
    boolean plain,
    Pattern events,
    Pattern kernels,
    String seen,
    Pattern theirs,
    String ours) {

  /// Reads the list.
  static List<KnownDifference> read(List<String> lines) {
    List<KnownDifference> differences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.isBlank() || line.startsWith("#")) {
        continue;
      }
      String[] head = line.trim().split(" +");
      if (head.length != 4 || i + 2 >= lines.size()) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + line);
      }
      differences.add(
          new KnownDifference(
              i + 1,
              !head[0].equals("plain"),
              !head[0].equals("plugins"),
              Pattern.compile(head[1]),
              Pattern.compile(head[2]),
              head[3],
              Pattern.compile(lines.get(i + 1).substring("  theirs ".length()), Pattern.DOTALL),
              lines.get(i + 2).substring("  ours   ".length())));
      i += 2;
    }
    return differences;
  }

  /// Whether it is this difference.
  boolean explains(boolean withPlugins, String kernel, TextLine their, TextLine our) {
    if (!(withPlugins ? plugins : plain)
        || !events.matcher(our.event()).matches()
        || !kernels.matcher(kernel).find()) {
      return false;
    }
    Matcher matcher = theirs.matcher(their.text());
    if (!matcher.matches()) {
      return false;
    }
    StringBuilder expected = new StringBuilder();
    for (int at = 0; at < ours.length(); at++) {
      char c = ours.charAt(at);
      if (c == '$' && at + 1 < ours.length() && Character.isDigit(ours.charAt(at + 1))) {
        expected.append(Pattern.quote(matcher.group(ours.charAt(++at) - '0')));
      } else {
        expected.append(c);
      }
    }
    return Pattern.compile(expected.toString(), Pattern.DOTALL).matcher(our.text()).matches();
  }
}
