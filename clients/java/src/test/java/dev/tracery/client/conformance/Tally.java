package dev.tracery.client.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Counts cases, and writes how many passed to the file that `TRACERY_CONFORMANCE_REPORT` names.
public final class Tally {

  /// What is wrong; an error or an exception is wrong, too.
  @FunctionalInterface
  public interface Case {
    void run() throws Exception;
  }

  private static final Map<String, String> LINES = new TreeMap<>();

  private final String kind;
  private final List<String> failures = new ArrayList<>();
  private int cases;

  public Tally(String kind) {
    this.kind = kind;
  }

  public void run(String name, Case test) {
    cases++;
    try {
      test.run();
    } catch (Exception | AssertionError e) {
      failures.add(name + ": " + e);
    }
  }

  /// Reports, and fails if a case did.
  public void end() {
    LINES.put(kind, kind + "\t" + cases + "\t" + (cases - failures.size()) + "\n");
    String file = System.getenv("TRACERY_CONFORMANCE_REPORT");
    if (file != null) {
      try {
        Files.writeString(Path.of(file), String.join("", LINES.values()));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    assertEquals(
        "",
        failures.stream().limit(20).collect(Collectors.joining("\n")),
        failures.size() + " of " + cases + " " + kind + " failed");
  }
}
