package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A series that enforces, by the command line: a kernel that breaks a tool is refused until the
/// break is waived.
class EnforcedSeriesTest {

  private static final String TOOL =
      """
      name: pid-tool
      version: 1
      uses:
        - event: bad/one
          access: BY_NAME
          fields: [pid]
      """;

  @TempDir Path folder;

  @Test
  void a_kernel_that_breaks_a_tool_is_refused_until_that_is_waived() throws IOException {
    LittleKernel before = LittleKernel.write(folder, "6.1.0", "pid");
    LittleKernel after = LittleKernel.write(folder, "6.2.0", "tgid");
    Path tool = Files.writeString(folder.resolve("pid-tool.yaml"), TOOL);
    try (ServerProcess server = ServerProcess.start(folder.resolve("data"));
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      String address = server.address();
      before.given("register", address, "--series", "fleet").fine();
      Outcome.of("consumers", "declare", "--server", address, tool.toString()).fine();
      Outcome.of("policy", "set", "--server", address, "--series", "fleet", "--mode", "enforce")
          .fine();
      assertEquals(3, client.status().getRevision());

      Outcome checked = after.given("check", address, "--series", "fleet");
      assertEquals(1, checked.status(), checked.err());
      Outcome refused = after.given("register", address, "--series", "fleet");
      assertEquals(1, refused.status(), refused.err());
      assertEquals(checked.out(), refused.out());
      assertTrue(refused.out().contains("BREAK bad/one.pid removed\n"), refused.out());
      assertTrue(
          refused
              .err()
              .contains(
                  "the kernel breaks the series fleet, which enforces; nothing was registered"),
          refused.err());
      assertEquals(3, client.status().getRevision());
      assertEquals(1, client.status().getKernelCount());

      // One that is for another tool does not help.
      waive(address, "other", "other-tool");
      assertEquals(1, after.given("register", address, "--series", "fleet").status());
      waive(address, "mine", "pid-tool");
      Outcome registered = after.given("register", address, "--series", "fleet", "--report").fine();
      assertTrue(registered.out().contains("WAIVED bad/one.pid removed\n"), registered.out());
      assertTrue(registered.out().contains("mine"), registered.out());
      assertEquals(6, client.status().getRevision());
      assertEquals(2, client.status().getKernelCount());
      assertEquals(0, after.given("check", address, "--series", "fleet").status());
      assertEquals(
          1, Outcome.of("can-run", "pid-tool", "--server", address, "--series", "fleet").status());
    }
  }

  private static void waive(String address, String name, String tool) {
    Outcome.of(
            "waive",
            name,
            "--server",
            address,
            "--series",
            "fleet",
            "--event",
            "bad/one.pid",
            "--consumer",
            tool,
            "--reason",
            "nobody runs it any more",
            "--by",
            "ops@example.org")
        .fine();
  }
}
