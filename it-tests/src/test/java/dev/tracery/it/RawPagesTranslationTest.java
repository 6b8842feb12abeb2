package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import dev.tracery.client.TraceryClient;
import dev.tracery.client.TraceryException;
import dev.tracery.client.TranslatedTrace;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.v1.RawPagesSource;
import dev.tracery.v1.TranslateStart;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Pages of the ring buffer through a whole server that has every sample kernel: what comes back is
/// what the library makes of a folder with the same pages and the kernel's formats.
@Timeout(300)
final class RawPagesTranslationTest {

  private static final String AMD64 = "debian-bookworm-6.1.0-56-amd64";
  private static final String S390X = "debian-bookworm-6.1.0-50-s390x";

  @TempDir Path home;

  /// Some pages of one CPU.
  private record Chunk(int cpu, byte[] pages) {}

  @Test
  void pages_of_every_kernel_become_what_the_same_folder_becomes_offline() throws Exception {
    Random random = new Random(1);
    for (SampleKernel kernel : SampleKernel.all()) {
      SortedMap<Integer, byte[]> pages = pages(kernel, "rawsched");
      DecodedTrace expected = offline(kernel, pages);
      DecodedTrace got = online(start(kernel), chunks(kernel, pages, random));
      same(kernel.id(), expected, got);
      assertFalse(got.events.isEmpty());
      assertEquals(List.of(), got.problems);
    }
  }

  @Test
  void every_event_of_a_kernel_comes_through() throws Exception {
    Random random = new Random(2);
    for (String id : List.of(S390X, "debian-bookworm-6.1.0-50-686-pae-i386")) {
      SampleKernel kernel = SampleKernel.read(id);
      SortedMap<Integer, byte[]> pages = pages(kernel, "rawall");
      DecodedTrace got = online(start(kernel), chunks(kernel, pages, random));
      same(id, offline(kernel, pages), got);
    }
  }

  @Test
  void damaged_and_cut_pages_become_what_they_become_offline() throws Exception {
    for (String id : List.of(AMD64, S390X, "debian-trixie-6.12.117-arm64-16k")) {
      SampleKernel kernel = SampleKernel.read(id);
      for (int seed = 0; seed < 6; seed++) {
        Random random = new Random(seed);
        SortedMap<Integer, byte[]> pages = pages(kernel, "rawsched");
        pages.replaceAll((_, bytes) -> damaged(bytes, random));
        DecodedTrace got = online(start(kernel), chunks(kernel, pages, random));
        same(id + " seed " + seed, offline(kernel, pages), got);
        assertFalse(got.problems.isEmpty(), "seed " + seed);
      }
    }
  }

  /// Other bytes in some places, some of them in the heads of pages, and the end cut off.
  private static byte[] damaged(byte[] bytes, Random random) {
    byte[] damaged = Arrays.copyOf(bytes, bytes.length - 1 - random.nextInt(bytes.length / 2));
    for (int i = 0; i < 40; i++) {
      int at = random.nextInt(damaged.length);
      damaged[i % 4 == 0 ? at & ~0xfff | at & 15 : at] = (byte) random.nextInt();
    }
    return damaged;
  }

  @Test
  void pure_garbage_is_damage_and_no_failure() throws Exception {
    SampleKernel kernel = SampleKernel.read(AMD64);
    for (int seed = 0; seed < 4; seed++) {
      Random random = new Random(seed);
      SortedMap<Integer, byte[]> pages = new TreeMap<>();
      for (int cpu = 0; cpu < 3; cpu++) {
        byte[] bytes = new byte[random.nextInt(200_000)];
        random.nextBytes(bytes);
        pages.put(cpu, bytes);
      }
      DecodedTrace got = online(start(kernel), chunks(kernel, pages, random));
      same("seed " + seed, offline(kernel, pages), got);
      assertTrue(got.end.getDamagedBytes() > 0);
    }
  }

  @Test
  void a_header_page_and_a_page_size_that_are_given_are_those_that_count() throws Exception {
    SampleKernel kernel = SampleKernel.read("debian-bookworm-6.1.0-50-armmp-armhf");
    SortedMap<Integer, byte[]> pages = pages(kernel, "rawsched");
    DecodedTrace expected = offline(kernel, pages);
    List<Chunk> chunks = chunks(kernel, pages, new Random(3));
    ByteString header = ByteString.copyFrom(headerPage(kernel));
    same("header", expected, online(start(kernel, header, 0), chunks));
    same("both", expected, online(start(kernel, header, 4096), chunks));
    same("size", expected, online(start(kernel, ByteString.EMPTY, 4096), chunks));
    for (ByteString wrong :
        List.of(
            ByteString.copyFromUtf8("no header"),
            header.substring(0, header.size() / 2),
            ByteString.copyFrom(new byte[300]),
            ByteString.copyFromUtf8(header.toStringUtf8().replace("offset:8;", "offset:8000;")))) {
      assertEquals(
          "INVALID_ARGUMENT: start.raw_pages.header_page: this is no header_page of pages of 4096"
              + " bytes; send the kernel's events/header_page, or nothing",
          refusal(start(kernel, wrong, 4096), List.of()));
    }
    assertEquals(
        "INVALID_ARGUMENT: start.raw_pages.page_size: expected 64 to 1048576 bytes, or 0 for what"
            + " the kernel has, but found 63",
        refusal(start(kernel, ByteString.EMPTY, 63), List.of()));
    // Smaller pages than they are: no event is made up, and nothing breaks.
    DecodedTrace small = online(start(kernel, ByteString.EMPTY, 1024), chunks);
    assertTrue(expected.byCpu().containsAll(small.byCpu()) || !small.problems.isEmpty());
  }

  @Test
  void what_cannot_be_is_refused_with_what_is_wrong() throws Exception {
    SampleKernel kernel = SampleKernel.read(AMD64);
    assertTrue(
        refusal(start("6.66.6-none"), List.of())
            .startsWith("NOT_FOUND: no kernel has the id or release \"6.66.6-none\""));
    byte[] page = Objects.requireNonNull(pages(kernel, "rawsched").get(0));
    assertEquals(
        "INVALID_ARGUMENT: pages.pages: the last page of CPU 4294967295 was cut: it had not 4096"
            + " bytes; only a CPU's last page may be shorter",
        refusal(
            start(kernel),
            List.of(
                new Chunk(-1, Arrays.copyOf(page, 4096)),
                new Chunk(-1, Arrays.copyOf(page, 100)),
                new Chunk(-1, Arrays.copyOf(page, 4096)))));
    assertTrue(
        refusal(start(kernel), List.of(new Chunk(0, new byte[(1 << 20) + 1])))
            .startsWith("INVALID_ARGUMENT: pages.pages: at most 1,048,576 bytes are allowed"));
  }

  @Test
  void a_release_that_two_kernels_have_is_ambiguous() throws Exception {
    try (ServerProcess server = ServerProcess.start(home.resolve("data"));
        TraceryClient client =
            TraceryClient.connect(server.address(), dev.tracery.client.ClientOptions.defaults())) {
      SampleKernel kernel = SampleKernel.read(AMD64);
      kernel.formats().keySet().removeIf(event -> !event.system().equals("sched"));
      client.register(Registrations.of(kernel));
      var other = kernel.identity();
      client.register(
          Registrations.of(
              new SampleKernel(
                  "other",
                  new dev.tracery.model.KernelIdentity(
                      other.release(), "#2 SMP", other.machine(), other.target(), 4096),
                  kernel.formats())));
      TraceryException refused =
          assertThrows(TraceryException.class, () -> online(client, start(kernel), List.of()));
      String why = String.valueOf(refused.getMessage());
      assertTrue(why.contains("\"6.1.0-56-amd64\" names more than one kernel"), why);
    }
  }

  private static void same(String what, DecodedTrace expected, DecodedTrace got) {
    assertEquals(expected.byCpu(), got.byCpu(), what);
    assertEquals(expected.end, got.end, what);
    assertEquals(expected.problemTexts(), got.problemTexts(), what);
    assertEquals(expected.lostByCpu(), got.lostByCpu(), what);
  }

  private static TranslateStart start(SampleKernel kernel) {
    return start(kernel.identity().release());
  }

  private static TranslateStart start(String kernel) {
    return TranslateStart.newBuilder()
        .setRawPages(RawPagesSource.newBuilder().setKernel(kernel))
        .build();
  }

  private static TranslateStart start(SampleKernel kernel, ByteString header, int size) {
    return TranslateStart.newBuilder()
        .setRawPages(
            RawPagesSource.newBuilder()
                .setKernel(kernel.identity().release())
                .setHeaderPage(header)
                .setPageSize(size))
        .build();
  }

  /// Whole pages, some at a time, the CPUs in turn as chance will have it.
  private static List<Chunk> chunks(
      SampleKernel kernel, SortedMap<Integer, byte[]> pages, Random random) {
    int size = kernel.identity().pageSize();
    List<Chunk> chunks = new ArrayList<>();
    SortedMap<Integer, byte[]> rest = new TreeMap<>(pages);
    while (!rest.isEmpty()) {
      List<Integer> cpus = List.copyOf(rest.keySet());
      int cpu = cpus.get(random.nextInt(cpus.size()));
      byte[] bytes = Objects.requireNonNull(rest.get(cpu));
      int length = Math.min(bytes.length, size * random.nextInt(9));
      chunks.add(new Chunk(cpu, Arrays.copyOf(bytes, length)));
      if (length == bytes.length) {
        rest.remove(cpu);
      } else {
        rest.put(cpu, Arrays.copyOfRange(bytes, length, bytes.length));
      }
    }
    return chunks;
  }

  private static String refusal(TranslateStart start, List<Chunk> chunks) {
    TraceryException refused = assertThrows(TraceryException.class, () -> online(start, chunks));
    return refused.code() + ": " + refused.getMessage();
  }

  private static DecodedTrace online(TranslateStart start, List<Chunk> chunks) throws Exception {
    try (TraceryClient client = SharedRegistry.client()) {
      return online(client, start, chunks);
    }
  }

  private static DecodedTrace online(TraceryClient client, TranslateStart start, List<Chunk> chunks)
      throws Exception {
    DecodedTrace decoded = new DecodedTrace();
    try (TranslatedTrace trace = client.translate(start)) {
      Thread sender =
          Thread.ofVirtual()
              .start(() -> {
                boolean taken = true;
                for (int i = 0; taken && i < chunks.size(); i++) {
                  taken = trace.sendPages(chunks.get(i).cpu, chunks.get(i).pages);
                }
                trace.end();
              });
      trace.forEachRemaining(decoded::add);
      sender.join();
    }
    return decoded;
  }

  private DecodedTrace offline(SampleKernel kernel, SortedMap<Integer, byte[]> pages)
      throws IOException {
    Path folder = Files.createTempDirectory(home, "pages");
    for (var cpu : pages.entrySet()) {
      Files.write(folder.resolve("cpu" + cpu.getKey() + ".raw"), cpu.getValue());
    }
    try (Trace trace =
        Traces.openPages(folder, SampleKernel.tar(kernel.id()), TraceLimits.DEFAULT)) {
      return DecodedTrace.offline(trace);
    }
  }

  private SortedMap<Integer, byte[]> pages(SampleKernel kernel, String name) throws IOException {
    Path folder = RawRecords.read(kernel, name, Files.createTempDirectory(home, "raw")).folder();
    SortedMap<Integer, byte[]> pages = new TreeMap<>();
    try (var files = Files.newDirectoryStream(folder, "cpu*.raw")) {
      for (Path file : files) {
        String number = file.getFileName().toString().replaceAll("\\D", "");
        pages.put(Integer.valueOf(number), Files.readAllBytes(file));
      }
    }
    return pages;
  }

  private static byte[] headerPage(SampleKernel kernel) throws IOException {
    try (InputStream file = Files.newInputStream(SampleKernel.tar(kernel.id()));
        TarArchiveInputStream tar = new TarArchiveInputStream(new ZstdInputStream(file))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.getName().endsWith("events/header_page")) {
          return tar.readAllBytes();
        }
      }
    }
    throw new AssertionError("no header_page");
  }
}
