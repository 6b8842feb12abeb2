package dev.tracery.it.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.protobuf.DescriptorProtos;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.tracery.bridge.linux510.Linux510Fields;
import dev.tracery.client.ClientOptions;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.negotiate.Needs;
import dev.tracery.client.negotiate.Negotiated;
import dev.tracery.client.negotiate.Negotiator;
import dev.tracery.client.negotiate.NegotiatorOptions;
import dev.tracery.client.negotiate.SeenKernel;
import dev.tracery.consumer.Consumer;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.it.Distribution;
import dev.tracery.it.RawRecords;
import dev.tracery.it.Registrations;
import dev.tracery.it.SampleKernel;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.translate.GeneratedTranslators;
import dev.tracery.translator.BridgedField;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.EventReading;
import dev.tracery.v1.OptionsProto;
import dev.tracery.v1.RunOutcome;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/// A tool that was written for Linux 5.10 starts on 6.12, with and without the example's bridge in
/// a server that runs.
class BridgeBundleTest {

  private static final EventName INSERTION = EventName.parse("pagemap/mm_lru_insertion");
  private static final String OLD = "debian-bullseye-5.10.0-46-amd64";
  private static final String NEW = "debian-trixie-6.12.117-amd64";

  private static final Consumer TOOL =
      Needs.of("pagewatch", "1.0").require(INSERTION.toString(), "page", "pfn").toConsumer();

  private static final String REFUSED =
      "[pagemap/mm_lru_insertion: pagemap/mm_lru_insertion has no field page,"
          + " pagemap/mm_lru_insertion.page: pagemap/mm_lru_insertion has no field page]";

  @TempDir Path folder;

  /// A kernel with the events that matter here.
  private static SampleKernel pagemap(String id) {
    SampleKernel kernel = SampleKernel.read(id);
    kernel.formats().keySet().removeIf(event -> !event.system().equals("pagemap"));
    return kernel;
  }

  private record Seen(SampleKernel kernel) implements SeenKernel {
    @Override
    public KernelIdentity identity() {
      return kernel.identity();
    }

    @Override
    public Optional<byte[]> format(EventName event) {
      return Optional.ofNullable(kernel.formats().get(event));
    }
  }

  private static Path example() throws IOException {
    try (Stream<Path> files = Files.list(Distribution.HOME.resolve("examples"))) {
      return files
          .filter(file -> file.getFileName().toString().startsWith("bridge-linux-5.10"))
          .findFirst()
          .orElseThrow();
    }
  }

  private static Negotiated ask(TraceryClient client) throws IOException {
    return new Negotiator(client, NegotiatorOptions.defaults().withoutCache())
        .ask(TOOL, new Seen(pagemap(NEW)));
  }

  @Test
  void a_bundle_that_is_installed_while_the_server_runs_fills_the_field_until_it_is_removed()
      throws Exception {
    try (FelixServer server = new FelixServer(folder);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      for (String id : List.of(OLD, NEW)) {
        client.register(Registrations.of(pagemap(id)));
      }
      Negotiated before = ask(client);
      assertEquals(RunOutcome.RUN_OUTCOME_REJECTED, before.outcome());
      assertEquals(REFUSED, before.reasons().toString());

      Bundle bundle = server.install(example());
      Negotiated bridged = ask(client);
      assertEquals(RunOutcome.RUN_OUTCOME_ACCEPTED, bridged.outcome());
      assertEquals(
          List.of(
              "pagemap/mm_lru_insertion.page: bridged from folio by dev.tracery.bridge.linux-5.10"),
          bridged.notes());
      EventReading reading = bridged.reading(INSERTION).orElseThrow();
      readsWhatTheKernelPrinted(reading);

      bundle.stop();
      assertEquals(REFUSED, ask(client).reasons().toString(), "stopped");
      bundle.start();
      assertEquals(bridged.answer().getEventsList(), ask(client).answer().getEventsList());
      bundle.uninstall();
      assertEquals(REFUSED, ask(client).reasons().toString(), "uninstalled");
      // What a tool has is data: it goes on reading.
      readsWhatTheKernelPrinted(reading);
    }
  }

  /// On every record of 6.12's raw pages, with the interpreter and a generated class: `page` is
  /// what the kernel printed as `folio=`.
  private void readsWhatTheKernelPrinted(EventReading reading) throws Exception {
    RawRecords records =
        RawRecords.read(
            SampleKernel.read(NEW), "rawall", Files.createTempDirectory(folder, "rawall"));
    List<String> printed = records.printed("mm_lru_insertion: folio=([0-9a-f]+) pfn=0x([0-9a-f]+)");
    assertEquals(17, printed.size(), "what the sample has");
    Descriptor descriptor = descriptor(reading);
    for (EventTranslator translator :
        List.of(
            new PlanInterpreter(reading.getDecodePlan()),
            new GeneratedTranslators()
                .translator(
                    reading.getDecodePlan(),
                    Sha256.ofBytes(reading.getLayoutHash().toByteArray())))) {
      List<String> read =
          records.of(INSERTION).stream()
              .map(record -> message(descriptor, translator, record))
              .map(message -> hex(message, "page") + " " + hex(message, "pfn"))
              .sorted()
              .toList();
      assertEquals(printed, read);
    }
  }

  private static DynamicMessage message(
      Descriptor descriptor, EventTranslator translator, byte[] record) {
    byte[] out = new byte[translator.maxMessageSize(record.length)];
    int end = translator.translate(record, 0, record.length, out, 0);
    try {
      return DynamicMessage.parseFrom(descriptor, Arrays.copyOf(out, end));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private static String hex(DynamicMessage message, String field) {
    return Long.toHexString(
        (Long) message.getField(message.getDescriptorForType().findFieldByName(field)));
  }

  private static Descriptor descriptor(EventReading reading) throws Exception {
    return FileDescriptor.buildFrom(
            reading.getFile(),
            new FileDescriptor[] {OptionsProto.getDescriptor(), DescriptorProtos.getDescriptor()})
        .getMessageTypes()
        .getFirst();
  }

  @Test
  void a_bundle_whose_bridge_throws_harms_nobody() throws Exception {
    Path broken = brokenBundle(folder.resolve("broken.jar"));
    try (FelixServer server = new FelixServer(folder);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      for (String id : List.of(OLD, NEW)) {
        client.register(Registrations.of(pagemap(id)));
      }
      server.install(broken);
      assertEquals(REFUSED, ask(client).reasons().toString());
      server.install(example());
      assertEquals(RunOutcome.RUN_OUTCOME_ACCEPTED, ask(client).outcome());
    }
  }

  /// A bundle made by hand, with a bridge that throws and goes before all others.
  private static Path brokenBundle(Path file) throws IOException {
    Manifest manifest = new Manifest();
    Attributes headers = manifest.getMainAttributes();
    headers.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    headers.putValue("Bundle-ManifestVersion", "2");
    headers.putValue("Bundle-SymbolicName", "broken");
    headers.putValue("Bundle-Version", "1.0.0");
    headers.putValue("Import-Package", "dev.tracery.translator");
    headers.putValue("Service-Component", "OSGI-INF/broken.xml");
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out, manifest)) {
      jar.putNextEntry(new ZipEntry("OSGI-INF/broken.xml"));
      jar.write(
          """
          <component xmlns="http://www.osgi.org/xmlns/scr/v1.3.0" name="broken">
            <service><provide interface="dev.tracery.translator.FieldBridge"/></service>
            <property name="service.ranking" type="Integer" value="100"/>
            <implementation class="%s"/>
          </component>
          """
              .formatted(BrokenBridge.class.getName())
              .getBytes(StandardCharsets.UTF_8));
      String path = BrokenBridge.class.getName().replace('.', '/') + ".class";
      jar.putNextEntry(new ZipEntry(path));
      try (var in = BridgeBundleTest.class.getClassLoader().getResourceAsStream(path)) {
        jar.write(in == null ? new byte[0] : in.readAllBytes());
      }
    }
    return file;
  }

  @Test
  void the_bundle_of_the_documentation_is_built_as_it_says_and_helps() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "bridges.md"));
    String script = page.substring(page.indexOf("```sh\n") + 6);
    script = script.substring(0, script.indexOf("```"));
    ProcessBuilder shell =
        new ProcessBuilder("bash", "-euo", "pipefail", "-c", script)
            .directory(folder.toFile())
            .redirectErrorStream(true);
    shell.environment().put("TRACERY_HOME", Distribution.HOME.toString());
    shell
        .environment()
        .merge(
            "PATH",
            Path.of(System.getProperty("java.home"), "bin") + ":",
            (path, bin) -> bin + path);
    Process process = shell.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    try (FelixServer server = new FelixServer(folder);
        TraceryClient client = TraceryClient.connect(server.address(), ClientOptions.defaults())) {
      for (String id : List.of(OLD, NEW)) {
        client.register(Registrations.of(pagemap(id)));
      }
      Bundle bundle = server.install(folder.resolve("my-bridge").resolve("my-bridge.jar"));
      assertEquals(
          List.of("pagemap/mm_lru_insertion.page: bridged from folio by my.bridge"),
          ask(client).notes());
      bundle.uninstall();
      assertEquals(REFUSED, ask(client).reasons().toString());
    }
  }

  @Test
  void theExampleSaysWhatItSaysInTheDocumentation() {
    assertEquals(
        List.of(
            "pagemap/mm_lru_insertion.page = folio",
            "pagemap/mm_lru_activate.page = folio",
            "xfs/xfs_buf_find.buffer_length = length * 512",
            "xfs/xfs_buf_get.buffer_length = length * 512",
            "xfs/xfs_buf_ioerror.buffer_length = length * 512",
            "xfs/xfs_buf_read.buffer_length = length * 512"),
        new Linux510Fields()
            .fields().stream()
                .map((BridgedField field) -> field + " = " + field.formula())
                .toList());
  }
}
