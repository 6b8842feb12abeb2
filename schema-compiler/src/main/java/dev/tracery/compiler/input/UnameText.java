package dev.tracery.compiler.input;

import dev.tracery.diagnostic.SourceLocation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The texts that name a running kernel, taken apart.
final class UnameText {

  /// The longest text that is looked at, in bytes.
  static final int MAX_BYTES = 4096;

  private UnameText() {}

  /// The output of `uname -a`, or the same without the operating system at its end, as trace-cmd
  /// writes it: `Linux HOST RELEASE VERSION... MACHINE [GNU/Linux]`. Text of another shape tells
  /// nothing.
  static void tellUname(String text, InputCollector out, SourceLocation where) throws DamagedInput {
    List<String> words = words(text);
    if (words.size() < 4 || !words.get(0).equals("Linux")) {
      return;
    }
    if (words.getLast().endsWith("Linux") || words.getLast().equals("Android")) {
      words.removeLast();
    }
    String machine = words.removeLast();
    // Why: coreutils adds the processor and the hardware platform, which some distributions set to
    // the machine and others leave out.
    while (words.size() > 3
        && (words.getLast().equals("unknown") || Machine.isKnown(words.getLast()))) {
      machine = words.getLast().equals("unknown") ? machine : words.getLast();
      words.removeLast();
    }
    if (words.size() < 3) {
      return;
    }
    out.release(words.get(2), where);
    out.machine(machine, where);
    out.build(String.join(" ", words.subList(3, words.size())), where);
  }

  /// The content of `/proc/version`: `Linux version RELEASE (BUILDER) (COMPILER) #BUILD`.
  static void tellVersion(String text, InputCollector out, SourceLocation where)
      throws DamagedInput {
    List<String> words = words(text);
    if (words.size() < 3 || !words.get(0).equals("Linux") || !words.get(1).equals("version")) {
      return;
    }
    out.release(words.get(2), where);
    String whole = String.join(" ", words);
    int build = whole.indexOf(" #");
    if (build >= 0) {
      out.build(whole.substring(build + 1), where);
    }
  }

  private static List<String> words(String text) {
    return new ArrayList<>(Arrays.asList(text.strip().split("\\s+")));
  }
}
