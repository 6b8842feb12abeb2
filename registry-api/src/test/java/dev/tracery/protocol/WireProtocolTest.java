package dev.tracery.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The `.proto` files against buf's rules, and against themselves as they were at the last release:
/// `src/main/buf/released.txtpb`, which `-Dtracery.release-protocol=true` writes anew.
final class WireProtocolTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Path PROTOS = ROOT.resolve("registry-api/src/main/protobuf");
  private static final Path RELEASED = ROOT.resolve("registry-api/src/main/buf/released.txtpb");

  private final Buf buf;

  WireProtocolTest() throws IOException, InterruptedException {
    buf = Buf.install();
    if (Boolean.getBoolean("tracery.release-protocol")) {
      assertEquals(
          new Buf.Outcome(0, ""),
          buf.run("build", "--exclude-source-info", "-o", RELEASED.toString()));
    }
  }

  @Test
  void it_passes_lint() throws Exception {
    assertEquals(new Buf.Outcome(0, ""), buf.run("lint"));
  }

  @Test
  void it_breaks_nothing_that_was_released() throws Exception {
    assertEquals(new Buf.Outcome(0, ""), buf.run("breaking", "--against", RELEASED.toString()));
  }

  @Test
  void a_field_with_another_number_would_be_noticed(@TempDir Path copy) throws Exception {
    copyTo(copy);
    Path file = copy.resolve("registry-api/src/main/protobuf/tracery/v1/kernel.proto");
    String text = Files.readString(file);
    Files.writeString(file, text.replace("string machine = 3;", "string machine = 33;"));

    Buf.Outcome outcome = buf.run(copy, "breaking", "--against", RELEASED.toString());

    assertEquals(100, outcome.exit());
    assertTrue(
        outcome
            .output()
            .contains(
                "Previously present field \"3\" with name \"machine\" on message"
                    + " \"KernelIdentity\" was deleted"),
        outcome::output);
  }

  private static void copyTo(Path copy) throws IOException {
    Files.copy(ROOT.resolve("buf.yaml"), copy.resolve("buf.yaml"));
    try (Stream<Path> files = Files.walk(PROTOS)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = copy.resolve(ROOT.relativize(file));
        Files.createDirectories(target.resolve(".."));
        Files.copy(file, target);
      }
    }
  }
}
