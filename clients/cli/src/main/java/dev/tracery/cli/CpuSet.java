package dev.tracery.cli;

import java.util.BitSet;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// CPUs as the kernel lists them: `0,2-5`.
record CpuSet(BitSet cpus) {

  private static final Pattern RANGE = Pattern.compile("(\\d{1,5})(?:-(\\d{1,5}))?");

  /// The CPUs of all lists together.
  ///
  /// @throws CommandFailure if one is no list
  static CpuSet parse(List<String> lists) {
    BitSet cpus = new BitSet();
    for (String list : lists) {
      for (String part : list.split(",", -1)) {
        Matcher range = RANGE.matcher(part);
        if (!range.matches()) {
          throw wrong(list);
        }
        int first = Integer.parseInt(range.group(1));
        int last = range.group(2) == null ? first : Integer.parseInt(range.group(2));
        if (last < first) {
          throw wrong(list);
        }
        cpus.set(first, last + 1);
      }
    }
    return new CpuSet(cpus);
  }

  private static CommandFailure wrong(String list) {
    return CommandFailure.wrongUse("--cpu: expected a list such as 0,2-5 but found " + list);
  }

  /// Whether one is wanted: all are if none was named.
  boolean wants(int cpu) {
    return cpus.isEmpty() || cpus.get(cpu);
  }
}
