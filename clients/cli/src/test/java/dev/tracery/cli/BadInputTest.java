package dev.tracery.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Inputs that no kernel makes. Each is refused by `register`, which does not get as far as asking
/// a server, and by `compile`, which writes nothing; both with exit status 2 and every problem.
final class BadInputTest {

  @TempDir private Path folder = Path.of("");

  /// An input, made in a folder.
  @FunctionalInterface
  private interface Maker {
    Path make(Path folder) throws IOException;
  }

  static Stream<Arguments> inputs() {
    return Stream.of(
        events(
            "field-without-offset",
            f -> f.format("a/e", garbled("\tfield:int x;\tsize:4;\tsigned:1;"))),
        events("fields-overlap", f -> f.event("a/e", 1, "int x;8;4;1", "int y;10;4;1")),
        events("field-beyond-record", f -> f.event("a/e", 1, "char x[65536];8;65536;1")),
        events("offset-beyond-record", f -> f.event("a/e", 1, "int x;4294967295;4;1")),
        events(
            "several-errors",
            f ->
                f.event("a/e", 1, "int x;8;4;1", "int y;10;4;1", "int z;70000;4;1")
                    .event("b/e", 2, "int x;-1;4;1")),
        events("too-many-fields", f -> f.format("a/e", manyFields())),
        events("format-too-large", f -> f.file("a/e/format", new byte[100 << 20])),
        events(
            "control-characters-in-name",
            f -> f.format("a/e", Formats.text("e\u0007\u001b[31m", 1))),
        events("nul-in-the-middle", f -> f.format("a/e", Formats.text("e", 1, "int x\0;8;4;1"))),
        events("unknown-type", f -> f.event("a/e", 1, "struct ? x;8;4;1")),
        events(
            "unbalanced-print-format",
            f ->
                f.format(
                    "a/e",
                    Formats.text("e", 1).replace("print fmt: \"\"", "print fmt: \"%d\", (REC->x"))),
        events("another-events-format", f -> f.format("a/e", Formats.text("other", 1))),
        events("empty-format", f -> f.format("a/e", "")),
        events("no-events", f -> {}),
        input("not-an-input", f -> file(f, "notes.txt", "hello".getBytes(StandardCharsets.UTF_8))),
        input("missing-input", f -> f.resolve("nothing")),
        input("truncated-tar", f -> truncated(f, tar(f, "formats.tar", "events/a/e/format"), 600)),
        input("tar-that-climbs", f -> tar(f, "formats.tar", "events/../../../etc/e/format")),
        input(
            "tar-with-two-of-one-event",
            f -> tar(f, "formats.tar", "events/a/e/format", "events/a/e/format")),
        input("gzip-bomb", BadInputTest::bomb),
        input("truncated-gzip", f -> truncated(f, bomb(f), 1000)),
        input("truncated-trace", f -> file(f, "trace.dat", traceHead())),
        input(
            "truncated-perf",
            f -> file(f, "perf.data", "PERFILE2".getBytes(StandardCharsets.UTF_8))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("inputs")
  void isRefusedWithItsPlace(String name, Maker maker) throws IOException {
    Path input = maker.make(folder);
    Path out = folder.resolve("out");
    Run registered =
        Run.of(
            "register",
            input.toString(),
            "--server",
            "localhost:1",
            "--release",
            "r",
            "--machine",
            "x86_64");
    Run compiled =
        Run.of(
            "compile",
            input.toString(),
            "--byte-order",
            "little",
            "--word-size",
            "64",
            "--out",
            out.toString());

    assertFalse(Files.exists(out));
    assertEquals(List.of(2, ""), List.of(registered.status(), registered.out()), registered.err());
    assertEquals(
        registered.err().replace("nothing was registered", "nothing was written"), compiled.err());
    Golden.check("bad-" + name, registered.err().replace(folder.toString(), "FOLDER"));
  }

  @ParameterizedTest
  @MethodSource("contradictions")
  void aFlagThatContradictsTheInputIsAnError(String name, List<String> flags) {
    Path input = Formats.in(folder).event("a/e", 1, "int x;8;4;1").folder();
    List<String> line =
        new ArrayList<>(List.of("register", input.toString(), "--server", "localhost:1"));
    line.addAll(flags);
    Run run = Run.of(line.toArray(String[]::new));

    assertEquals(2, run.status());
    Golden.check("flags-" + name, run.err().replace(folder.toString(), "FOLDER"));
  }

  static Stream<Arguments> contradictions() {
    return Stream.of(
        flags("missing"),
        flags("word-size", "--release", "r", "--machine", "x86_64", "--word-size", "32"),
        flags("page-size", "--release", "r", "--machine", "x86_64", "--page-size", "65536"),
        flags("byte-order", "--release", "r", "--machine", "x86_64", "--byte-order", "big"),
        flags("odd-page-size", "--release", "r", "--machine", "x86_64", "--page-size", "5000"),
        flags("control-character", "--release", "r\u0007", "--machine", "x86_64"));
  }

  private static Arguments flags(String name, String... flags) {
    return Arguments.of(name, List.of(flags));
  }

  private static Arguments events(String name, Consumer<Formats> content) {
    return input(
        name,
        folder -> {
          Formats formats = Formats.in(folder);
          content.accept(formats);
          return formats.folder();
        });
  }

  private static Arguments input(String name, Maker maker) {
    return Arguments.of(name, maker);
  }

  private static String garbled(String line) {
    return Formats.text("e", 1).replace("\n\nprint", "\n" + line + "\n\nprint");
  }

  private static String manyFields() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      lines.append("\tfield:char f").append(i).append(";\toffset:").append(8 + i);
      lines.append(";\tsize:1;\tsigned:1;\n");
    }
    return garbled(lines.toString());
  }

  private static Path file(Path folder, String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content);
  }

  private static Path tar(Path folder, String name, String... entries) throws IOException {
    Path file = folder.resolve(name);
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      int id = 1;
      for (String entry : entries) {
        byte[] text = Formats.text("e", id++).getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry header = new TarArchiveEntry(entry, true);
        header.setSize(text.length);
        tar.putArchiveEntry(header);
        tar.write(text);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }

  private static Path truncated(Path folder, Path file, int size) throws IOException {
    Path copy = folder.resolve("truncated-" + file.getFileName());
    return Files.write(copy, Arrays.copyOf(Files.readAllBytes(file), size));
  }

  /// 256 MiB of zeros in 255 KiB.
  private static Path bomb(Path folder) throws IOException {
    Path file = folder.resolve("bomb.tar.gz");
    byte[] zeros = new byte[1 << 20];
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(head)) {
      TarArchiveEntry entry = new TarArchiveEntry("events/a/e/format");
      entry.setSize(0);
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
    }
    byte[] tarHead = Arrays.copyOf(head.toByteArray(), 512);
    // Why: the size of the entry, 256 MiB, in octal.
    System.arraycopy("02000000000".getBytes(StandardCharsets.UTF_8), 0, tarHead, 124, 11);
    checksum(tarHead);
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
      out.write(tarHead);
      for (int i = 0; i < 256; i++) {
        out.write(zeros);
      }
    }
    return file;
  }

  private static void checksum(byte[] head) {
    Arrays.fill(head, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : head) {
      sum += b & 0xff;
    }
    byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.UTF_8);
    System.arraycopy(octal, 0, head, 148, octal.length);
  }

  private static byte[] traceHead() {
    return new byte[] {0x17, 0x08, 0x44, 't', 'r', 'a', 'c', 'i', 'n', 'g', '6', 0, 0, 8};
  }
}
