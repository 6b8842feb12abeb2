package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TranslateStart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// A trace of 6.12 through a whole server, while a bridge is installed and removed as
/// `docs/bridges.md` says.
@Timeout(300)
final class BridgedTranslationTest {

  private static final String OLD = "debian-bullseye-5.10.0-46-amd64";
  private static final String NEW = "debian-trixie-6.12.117-amd64";
  private static final Pattern PAGE = Pattern.compile("page#0 FIELD_KIND_UNSIGNED=(\\d+)");
  private static final Pattern PFN = Pattern.compile("pfn#0 FIELD_KIND_UNSIGNED=(\\d+)");

  @TempDir Path home;

  @Test
  void messages_have_the_bridged_field_while_the_bridge_is_installed() throws Exception {
    RawRecords records =
        RawRecords.read(
            SampleKernel.read(NEW), "rawall", Files.createDirectory(home.resolve("rawall")));
    List<String> printed = records.printed("mm_lru_insertion: folio=([0-9a-f]+) pfn=0x([0-9a-f]+)");
    assertEquals(17, printed.size(), "what the sample has");
    try (ServerProcess server = ServerProcess.start(home.resolve("data"));
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      for (String id : List.of(OLD, NEW)) {
        SampleKernel kernel = SampleKernel.read(id);
        kernel.formats().keySet().removeIf(event -> !event.system().equals("pagemap"));
        client.register(Registrations.of(kernel));
      }
      assertEquals(0, pages(translated(client, records)).size());

      String documentation = Files.readString(Path.of("..", "docs", "bridges.md"));
      String[] scripts = documentation.split("```sh\n");
      shell(scripts[1].substring(0, scripts[1].indexOf("```")), home, server);
      String how = scripts[2].substring(0, scripts[2].indexOf("```"));
      Path built = home.resolve("my-bridge");
      shell(line(how, "tracery translators install"), built, server);
      assertEquals(printed, pages(translated(client, records)));
      assertEquals(
          List.of("pagemap/mm_lru_insertion.page", "xfs/xfs_buf_read.buffer_length"),
          client.translators().stream()
              .filter(translator -> translator.getName().equals("my.bridge"))
              .flatMap(translator -> translator.getBridgedFieldsList().stream())
              .toList());

      shell(line(how, "tracery translators remove"), built, server);
      assertEquals(0, pages(translated(client, records)).size());
      assertEquals(
          "NOT_FOUND",
          assertThrows(TraceryException.class, () -> client.removeTranslator("my.bridge"))
              .code()
              .toString());
    }
  }

  private static String line(String script, String begin) {
    return script.lines().filter(line -> line.startsWith(begin)).findFirst().orElseThrow();
  }

  /// Runs what the documentation says, with this server as the default one.
  private static void shell(String script, Path folder, ServerProcess server)
      throws IOException, InterruptedException {
    ProcessBuilder shell =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    String java = System.getProperty("java.home");
    shell.environment().put("TRACERY_HOME", Distribution.HOME.toString());
    shell.environment().put("TRACERY_SERVER", server.address());
    shell.environment().put("JAVA_HOME", java);
    shell
        .environment()
        .merge(
            "PATH",
            Path.of(java, "bin") + ":" + Distribution.HOME.resolve("bin") + ":",
            (path, bin) -> bin + path);
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
  }

  private static DecodedTrace translated(TraceryClient client, RawRecords records)
      throws IOException {
    DecodedTrace decoded = new DecodedTrace();
    TranslateStart start =
        TranslateStart.newBuilder()
            .addEvents("pagemap/mm_lru_insertion")
            .setRawPages(
                RawPagesSource.newBuilder().setKernel(records.kernel().identity().release()))
            .build();
    // Few events: the answers fit into what is on its way, so one thread may send all first.
    try (TranslatedTrace trace = client.translate(start);
        Stream<Path> files = Files.list(records.folder())) {
      for (Path file :
          files.filter(f -> f.getFileName().toString().matches("cpu\\d+\\.raw")).toList()) {
        int cpu = Integer.parseInt(file.getFileName().toString().replaceAll("\\D", ""));
        byte[] pages = Files.readAllBytes(file);
        for (int at = 0; at < pages.length; at += 1 << 20) {
          trace.sendPages(
              cpu, java.util.Arrays.copyOfRange(pages, at, Math.min(pages.length, at + (1 << 20))));
        }
      }
      trace.end();
      trace.forEachRemaining(decoded::add);
    }
    assertEquals(17, decoded.events.size());
    return decoded;
  }

  /// `page` and `pfn` of each event that has a `page`, as the kernel prints them.
  private static List<String> pages(DecodedTrace trace) {
    return trace.texts().stream()
        .filter(text -> PAGE.matcher(text).find())
        .map(text -> hex(PAGE.matcher(text)) + " " + hex(PFN.matcher(text)))
        .sorted()
        .toList();
  }

  private static String hex(Matcher matcher) {
    return matcher.find() ? Long.toHexString(Long.parseUnsignedLong(matcher.group(1))) : "?";
  }
}
