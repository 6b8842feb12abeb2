package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.rpc.Code;
import dev.tracery.client.EventSource;
import dev.tracery.client.Registration;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.compiler.layout.CanonicalForm;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Target;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Input that must be refused, through the command line and through gRPC: the place is told, and
/// the registry stays as it was.
class BadInputTest {

  private static final List<String> FLAGS =
      List.of(
          "--release=6.1.0-bad",
          "--machine=x86_64",
          "--byte-order=little",
          "--word-size=64",
          "--page-size=4096");

  @TempDir Path folder;
  private final TraceryClient client = SharedRegistry.client();
  private long revision;

  @BeforeEach
  void remember_the_revision() {
    revision = client.status().getRevision();
  }

  @AfterEach
  void the_registry_is_as_it_was() {
    assertEquals(revision, client.status().getRevision());
    client.close();
  }

  /// An empty text is no text to the server: it stands for a layout that the registry knows.
  static List<BadFormat> formats() {
    return BadFormat.all().stream().filter(bad -> bad.text().length > 0).toList();
  }

  @Test
  void all_bad_formats_of_a_folder_are_told_with_their_places() throws Exception {
    write("good", BadFormat.good("good"));
    for (BadFormat bad : BadFormat.all()) {
      write(bad.what(), bad.text());
    }
    Outcome refused = register(folder.resolve("events"));
    List<String> missing = new ArrayList<>();
    for (BadFormat bad : BadFormat.all()) {
      if (refused
          .err()
          .lines()
          .noneMatch(
              line -> line.contains(bad.what() + "/format:") && line.contains(bad.found()))) {
        missing.add(bad.what() + ": " + bad.found());
      }
    }
    assertEquals(List.of(), missing, refused.err());
    assertEquals(2, refused.status(), refused.err());
  }

  @ParameterizedTest
  @MethodSource("formats")
  void the_server_refuses_a_bad_format_and_tells_the_place(BadFormat bad) {
    Registration registration =
        new Registration(
            new KernelIdentity("6.1.0-bad", "", "x86_64", Target.LITTLE_64, 4096),
            Optional.empty(),
            false,
            List.of(
                source("good", 320, FormatText.withId(BadFormat.good("good"), 320)),
                source(bad.what(), 321, bad.text())));
    TraceryException refused =
        assertThrows(TraceryException.class, () -> client.register(registration));
    assertTrue(
        refused.diagnostics().stream().anyMatch(found -> found.toString().contains(bad.found())),
        () -> bad.found() + " expected among " + refused.diagnostics() + " of " + refused);
    assertEquals(Code.INVALID_ARGUMENT, refused.code());
  }

  @Test
  void a_type_that_nobody_knows_is_told_and_kept_as_bytes() throws Exception {
    String text = new String(BadFormat.good("odd"), StandardCharsets.US_ASCII);
    write(
        "odd",
        text.replace("pid_t pid;\toffset:24;\tsize:4", "struct odd pid;\toffset:24;\tsize:3")
            .getBytes(StandardCharsets.US_ASCII));
    Path out = folder.resolve("out");
    Outcome compiled =
        tracery("compile", folder.resolve("events"), List.of("--out", out.toString()));
    assertEquals(0, compiled.status(), compiled.err());
    assertTrue(
        Files.readString(out.resolve("linux/bad/odd.proto")).contains("bytes pid = 2"),
        compiled.err());
  }

  @Test
  void a_format_of_100_megabytes_is_refused() throws Exception {
    write("large", BadFormat.good("large"));
    Path format = folder.resolve("events/bad/large/format");
    try (var file = new RandomAccessFile(format.toFile(), "rw")) {
      file.setLength(100 << 20);
    }
    assertRefused("large/format: error FORMAT_TOO_LARGE", register(folder.resolve("events")));
  }

  @Test
  void two_formats_of_one_event_are_refused() throws Exception {
    Path tar = tar("events/bad/twice/format", BadFormat.good("twice"), withPid("twice", "tgid"));
    assertRefused("EVENT_DUPLICATE", register(tar));
  }

  @Test
  void a_tar_that_leads_out_of_itself_is_refused() throws Exception {
    Path tar = tar("events/../../bad/out/format", BadFormat.good("out"));
    assertRefused("ENTRY_PATH_UNSAFE", register(tar));
  }

  @Test
  void a_decompression_bomb_is_refused() throws Exception {
    Path bomb = folder.resolve("bomb.tar.gz");
    byte[] zeros = new byte[1 << 20];
    try (OutputStream file = Files.newOutputStream(bomb);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(new BufferedOutputStream(new GZIPOutputStream(file)))) {
      TarArchiveEntry entry = new TarArchiveEntry("events/bad/bomb/filter");
      entry.setSize(256L << 20);
      tar.putArchiveEntry(entry);
      for (int i = 0; i < 256; i++) {
        tar.write(zeros);
      }
      tar.closeArchiveEntry();
    }
    assertRefused("COMPRESSION_RATIO_TOO_HIGH", register(bomb));
  }

  @Test
  void a_truncated_tar_is_refused() throws Exception {
    byte[] whole = Files.readAllBytes(SampleKernel.tar(SampleKernel.AMD64_6_1));
    Path cut = folder.resolve("cut.tar.zst");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));
    Outcome refused = Outcome.of("register", "--server", SharedRegistry.address(), cut.toString());
    assertEquals(2, refused.status(), refused.err());
    assertTrue(refused.err().contains("cut.tar.zst"), refused.err());
  }

  @Test
  void a_flag_that_contradicts_the_input_is_refused() {
    Outcome refused =
        Outcome.of(
            "register",
            "--server",
            SharedRegistry.address(),
            "--byte-order=big",
            SampleKernel.tar(SampleKernel.AMD64_6_1).toString());
    assertRefused("CONTRADICTS", refused);
  }

  private static void assertRefused(String code, Outcome outcome) {
    assertTrue(outcome.err().contains(code), outcome.err());
    assertEquals(2, outcome.status(), outcome.err());
  }

  private static Outcome register(Path input) {
    return tracery("register", input, List.of("--server", SharedRegistry.address()));
  }

  private static Outcome tracery(String command, Path input, List<String> more) {
    List<String> arguments = new ArrayList<>(List.of(command));
    arguments.addAll(FLAGS);
    arguments.addAll(more);
    arguments.add(input.toString());
    return Outcome.of(arguments);
  }

  private static EventSource source(String name, int id, byte[] text) {
    return new EventSource(
        new EventName("bad", name), id, CanonicalForm.hash(text, Target.LITTLE_64), () -> text);
  }

  private static byte[] withPid(String name, String field) {
    return new String(BadFormat.good(name), StandardCharsets.US_ASCII)
        .replace("pid_t pid", "pid_t " + field)
        .getBytes(StandardCharsets.US_ASCII);
  }

  private void write(String event, byte[] text) throws IOException {
    Path format = folder.resolve("events").resolve("bad").resolve(event).resolve("format");
    Files.createDirectories(format.getParent());
    Files.write(format, text);
  }

  private Path tar(String name, byte[]... contents) throws IOException {
    Path file = folder.resolve("bad.tar");
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
      for (byte[] content : contents) {
        TarArchiveEntry entry = new TarArchiveEntry(name, true);
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return file;
  }
}
