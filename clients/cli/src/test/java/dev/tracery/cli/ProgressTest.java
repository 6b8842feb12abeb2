package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ProgressTest {

  @Test
  void theLineIsTakenAwayOnceBeforeSomethingElseIsWritten() {
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream print = new PrintStream(err, true, StandardCharsets.UTF_8);
    Console console =
        new Console(
            InputStream.nullInputStream(),
            new Output(OutputStream.nullOutputStream()),
            print,
            false,
            true,
            Map.of());
    try (Progress progress = new Progress(console, "checked", 0)) {
      progress.show("1 of 2");
      progress.clear();
      print.print("warning\n");
    }

    assertEquals(
        "\r\u001b[Kchecked 1 of 2\r\u001b[Kwarning\n", err.toString(StandardCharsets.UTF_8));
  }
}
