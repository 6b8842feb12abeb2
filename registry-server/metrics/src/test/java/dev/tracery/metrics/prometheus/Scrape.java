package dev.tracery.metrics.prometheus;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Prometheus' text format, version 0.0.4, read as strictly as it is described, and as its naming
/// rules have it: every family has a help and a type before its samples, and stands in one piece;
/// counters end in `_total`, and nothing else does; nothing is there twice.
final class Scrape {

  private static final Pattern HELP = Pattern.compile("# HELP ([a-z][a-z0-9_]*) (\\S.*)");
  private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z][a-z0-9_]*) (counter|gauge)");
  private static final Pattern SAMPLE =
      Pattern.compile("([a-z][a-z0-9_]*)(\\{[^}]*})? (NaN|-?[0-9][0-9.E-]*)");
  private static final Pattern LABELS =
      Pattern.compile("\\{[a-z_]+=\"[^\"\\\\]*\"(,[a-z_]+=\"[^\"\\\\]*\")*}");

  private final Map<String, Double> values = new TreeMap<>();
  private final Map<String, String> types = new TreeMap<>();

  static Scrape parse(String text) {
    Scrape scrape = new Scrape();
    if (!text.endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
    String helped = "";
    String family = "";
    Set<String> done = new HashSet<>();
    for (String line : text.lines().toList()) {
      Matcher help = HELP.matcher(line);
      Matcher type = TYPE.matcher(line);
      Matcher sample = SAMPLE.matcher(line);
      if (help.matches()) {
        helped = help.group(1);
      } else if (type.matches()) {
        check(type.group(1).equals(helped), "a type without help: " + line);
        family = helped;
        check(done.add(family), "in two pieces: " + family);
        boolean total = family.endsWith("_total");
        check(type.group(2).equals("counter") == total, "no name for its type: " + line);
        scrape.types.put(family, type.group(2));
      } else if (sample.matches()) {
        check(sample.group(1).equals(family), "outside of its family: " + line);
        String labels = sample.group(2);
        check(labels == null || LABELS.matcher(labels).matches(), "odd labels: " + line);
        String key = family + (labels == null ? "" : labels);
        check(scrape.values.put(key, Double.valueOf(sample.group(3))) == null, "twice: " + line);
      } else {
        throw new AssertionError("not understood: " + line);
      }
    }
    return scrape;
  }

  private static void check(boolean good, String problem) {
    if (!good) {
      throw new AssertionError(problem);
    }
  }

  List<String> families() {
    return new ArrayList<>(types.keySet());
  }

  double value(String sample) {
    Double value = values.get(sample);
    if (value == null) {
      throw new AssertionError(sample + " is not there, but " + values.keySet());
    }
    return value;
  }
}
