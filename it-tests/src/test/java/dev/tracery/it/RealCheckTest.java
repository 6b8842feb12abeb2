package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What Debian's 6.12 for amd64 breaks that 6.1 had, for public tools. The report is committed as a
/// page for people: `docs/check-6.1-6.12.md`, rewritten with `-Dgolden.rewrite=true`.
class RealCheckTest {

  private static final Path PAGE = Path.of("..", "docs", "check-6.1-6.12.md");
  private static final Path CONSUMERS = Path.of("src/test/resources/consumers").toAbsolutePath();
  private static final String SERIES = "debian-amd64";
  private static final String OLD = SampleKernel.AMD64_6_1;
  private static final String NEW = "debian-trixie-6.12.117-amd64";

  @TempDir Path data;

  @Test
  void debians_6_12_against_6_1_for_public_tools() throws IOException {
    try (ServerProcess server = ServerProcess.start(data)) {
      String address = server.address();
      register(address, OLD).fine();
      Outcome.of("consumers", "declare", "--server", address, CONSUMERS.toString()).fine();

      Outcome check = check(address, "text");

      assertEquals(1, check.status(), check.err());
      String page = page(check.out());
      if (Boolean.getBoolean("golden.rewrite")) {
        Files.writeString(PAGE, page);
      }
      assertEquals(Files.exists(PAGE) ? Files.readString(PAGE) : "", page);

      enforced(address);
    }
  }

  /// The same as a registration into a series that enforces: the whole report, and nothing stored.
  private static void enforced(String address) {
    Outcome.of("policy", "set", "--server", address, "--series", SERIES, "--mode", "enforce")
        .fine();
    String before = Outcome.of("kernels", "--server", address, "--output", "json").fine().out();
    Outcome refused = register(address, NEW);
    assertEquals(1, refused.status(), refused.err());
    assertTrue(
        refused.err().contains("the kernel breaks the series debian-amd64, which enforces"),
        refused.err());
    assertTrue(refused.out().contains("BREAK "), refused.out());
    assertEquals(
        before, Outcome.of("kernels", "--server", address, "--output", "json").fine().out());
    assertTrue(check(address, "junit").out().contains("<failure "));
    assertTrue(check(address, "github").out().startsWith("::error title=BREAK "));
  }

  private static Outcome register(String address, String kernel) {
    return Outcome.of(
        "register",
        "--server",
        address,
        SampleKernel.tar(kernel).toString(),
        "--btf",
        btf(kernel),
        "--series",
        SERIES);
  }

  private static Outcome check(String address, String form) {
    return Outcome.of(
        "check",
        "--server",
        address,
        SampleKernel.tar(NEW).toString(),
        "--btf",
        btf(NEW),
        "--series",
        SERIES,
        "--output",
        form);
  }

  private static String btf(String kernel) {
    return SampleKernel.SAMPLES.resolve(kernel).resolve("btf-vmlinux.zst").toString();
  }

  private static String page(String report) {
    return """
    # A real check: Debian's 6.12 against 6.1, amd64

    What `tracery check` prints where Debian's kernel 6.1.0-56-amd64 (bookworm) is registered and
    6.12.117 (trixie) is the candidate, both with their BTF, and the public tools are declared whose
    files are in `it-tests/src/test/resources/consumers`. A test keeps this page equal to what the
    command prints.

    ```
    %s```
    """
        .formatted(report);
  }
}
