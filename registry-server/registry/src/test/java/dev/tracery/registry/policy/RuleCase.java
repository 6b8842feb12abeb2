package dev.tracery.registry.policy;

import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.registry.Registry.ChangeKind;
import dev.tracery.registry.diff.TestLayouts;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/// One row of `rule-cases.txt`.
///
/// @param access an access class, or NOBODY
/// @param verdicts of a STABLE, an INTERNAL and a DYNAMIC event
record RuleCase(
    ChangeKind kind,
    String what,
    List<String> before,
    List<String> after,
    String access,
    String claim,
    List<String> verdicts) {

  @Override
  public String toString() {
    return kind + " " + access + ": " + what;
  }

  static List<RuleCase> all() {
    List<RuleCase> cases = new ArrayList<>();
    String kind = "";
    String what = "";
    List<String> before = new ArrayList<>();
    List<String> after = new ArrayList<>();
    for (String line : text().split("\n")) {
      String stripped = line.strip();
      if (stripped.isEmpty() || stripped.startsWith("#")) {
        continue;
      }
      if (stripped.startsWith("case ")) {
        int colon = stripped.indexOf(':');
        kind = stripped.substring("case ".length(), colon);
        what = stripped.substring(colon + 1).strip();
        before = new ArrayList<>();
        after = new ArrayList<>();
      } else if (stripped.startsWith("before ")) {
        before.add(stripped.substring("before ".length()).strip());
      } else if (stripped.startsWith("after ")) {
        after.add(stripped.substring("after ".length()).strip());
      } else {
        int first = stripped.indexOf('|');
        int last = stripped.lastIndexOf('|');
        cases.add(
            new RuleCase(
                ChangeKind.valueOf(kind),
                what,
                before,
                after,
                stripped.substring(0, first).strip(),
                stripped.substring(first + 1, last).strip(),
                List.of(stripped.substring(last + 1).strip().split(" "))));
      }
    }
    return cases;
  }

  FakeKernel kernelBefore() {
    return kernel("before", before);
  }

  FakeKernel kernelAfter() {
    return kernel("after", after);
  }

  private static FakeKernel kernel(String release, List<String> lines) {
    FakeKernel kernel = new FakeKernel(release).with("s/other", TestLayouts.of("int x;16;4;1"));
    String name = value(lines, "renamed", "s/event");
    kernel.withParameters("event", value(lines, "parameters", "int, long"));
    if (lines.contains("absent")) {
      return kernel;
    }
    Layout layout = layout(lines);
    return kernel
        .with(name, layout)
        .withId(name, Integer.parseInt(value(lines, "id", "1")))
        .withStructOf(value(lines, "struct", "trace_event_raw_event"), layout);
  }

  private static Layout layout(List<String> lines) {
    String without = value(lines, "without", "nothing");
    String common =
        TestLayouts.COMMON
                .lines()
                .filter(line -> !line.contains(without))
                .collect(Collectors.joining("\n"))
            + "\n"
            + value(lines, "common", "");
    Target target =
        switch (value(lines, "target", "64")) {
          case "32" -> new Target(WordSize.BITS_32, ByteOrder.LITTLE_ENDIAN);
          case "big" -> new Target(WordSize.BITS_64, ByteOrder.BIG_ENDIAN);
          default -> Target.LITTLE_64;
        };
    String fields =
        lines.stream()
            .filter(line -> line.contains(";") && !line.startsWith("common "))
            .collect(Collectors.joining("\n"));
    return TestLayouts.of(target, common, fields, value(lines, "print", "\"x\""));
  }

  private static String value(List<String> lines, String key, String otherwise) {
    return lines.stream()
        .filter(line -> line.startsWith(key + " "))
        .map(line -> line.substring(key.length() + 1))
        .findFirst()
        .orElse(otherwise);
  }

  private static String text() {
    try (InputStream in = RuleCase.class.getResourceAsStream("rule-cases.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
