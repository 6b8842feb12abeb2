package dev.tracery.render.line;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A difference between our text and another's that is meant: an entry of a list of differences.
/// Each part of our text that matches `ours` may be what `theirs` says in the other.
///
/// An entry is a line with the texts it is for, a pattern for events, one for kernels, and a trace
/// that shows it; then a line for each of `ours`, `theirs` and `reason`.
///
/// @param line of the entry in the list, which names it
/// @param texts which texts differ so: `plain`, `plugins` or `both`
/// @param events whole names
/// @param kernels a part of the name
/// @param seen a trace that shows it: a part of `KERNEL/TRACE`
/// @param ours a part of our text
/// @param theirs a pattern of what they print instead; `$1` is what the first group of `ours`
///   matched
/// @param reason why it is meant
record KnownDifference(
    int line,
    String texts,
    Pattern events,
    Pattern kernels,
    String seen,
    Pattern ours,
    String theirs,
    String reason) {

  /// Reads a list.
  static List<KnownDifference> read(byte[] list) {
    List<String> lines = new String(list, StandardCharsets.UTF_8).lines().toList();
    List<KnownDifference> differences = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).isBlank() || lines.get(i).startsWith("#")) {
        continue;
      }
      String[] head = lines.get(i).trim().split(" +");
      if (head.length != 4) {
        throw new IllegalArgumentException("line " + (i + 1) + ": " + lines.get(i));
      }
      differences.add(
          new KnownDifference(
              i + 1,
              head[0],
              Pattern.compile(head[1]),
              Pattern.compile(head[2]),
              head[3],
              Pattern.compile(value(lines, ++i, "ours"), Pattern.DOTALL | Pattern.MULTILINE),
              value(lines, ++i, "theirs"),
              value(lines, ++i, "reason")));
    }
    return differences;
  }

  private static String value(List<String> lines, int at, String key) {
    String head = "  " + key;
    if (at >= lines.size() || !lines.get(at).startsWith(head)) {
      throw new IllegalArgumentException("line " + (at + 1) + ": expected " + head);
    }
    return lines.get(at).substring(Math.min("  reason ".length(), lines.get(at).length()));
  }

  /// Whether the difference can be one of an event's text.
  boolean appliesTo(String text, String kernel, String event) {
    return (texts.equals("both") || texts.equals(text))
        && events.matcher(event).matches()
        && kernels.matcher(kernel).find();
  }

  /// The entries that together make our text theirs.
  ///
  /// @return empty if they do not
  static List<KnownDifference> between(String our, String their, List<KnownDifference> candidates) {
    StringBuilder pattern = new StringBuilder();
    List<KnownDifference> groups = new ArrayList<>();
    int at = 0;
    while (at < our.length()) {
      Matcher next = null;
      KnownDifference which = null;
      for (KnownDifference candidate : candidates) {
        Matcher matcher = candidate.ours.matcher(our);
        if (matcher.find(at) && (next == null || matcher.start() < next.start())) {
          next = matcher;
          which = candidate;
        }
      }
      if (next == null || which == null) {
        break;
      }
      if (next.end() == next.start()) {
        throw new IllegalArgumentException("line " + which.line + " matches nothing");
      }
      pattern.append(Pattern.quote(our.substring(at, next.start())));
      pattern.append("(?:(").append(which.replacement(next)).append(")|");
      pattern.append(Pattern.quote(next.group())).append(")");
      groups.add(which);
      at = next.end();
    }
    pattern.append(Pattern.quote(our.substring(at)));
    Matcher whole = Pattern.compile(pattern.toString(), Pattern.DOTALL).matcher(their);
    if (!whole.matches()) {
      return List.of();
    }
    List<KnownDifference> used = new ArrayList<>();
    for (int i = 0; i < groups.size(); i++) {
      if (whole.group(i + 1) != null) {
        used.add(groups.get(i));
      }
    }
    return used;
  }

  private String replacement(Matcher matcher) {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < theirs.length(); i++) {
      char c = theirs.charAt(i);
      if (c == '$' && i + 1 < theirs.length() && Character.isDigit(theirs.charAt(i + 1))) {
        int number = theirs.charAt(++i) - '0';
        // Why: as in java.util.regex, a second digit counts where there are so many groups.
        if (i + 1 < theirs.length() && Character.isDigit(theirs.charAt(i + 1))) {
          int longer = 10 * number + theirs.charAt(i + 1) - '0';
          if (longer <= matcher.groupCount()) {
            number = longer;
            i++;
          }
        }
        String group = matcher.group(number);
        expected.append(Pattern.quote(group == null ? "" : group));
      } else {
        expected.append(c);
      }
    }
    return expected.toString();
  }
}
