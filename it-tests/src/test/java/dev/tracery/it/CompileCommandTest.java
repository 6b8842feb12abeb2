package dev.tracery.it;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.model.Sha256;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `tracery compile` without a registry, over two word sizes and both byte orders.
class CompileCommandTest {

  private static final List<String> KERNELS =
      List.of(
          "debian-bullseye-5.10.0-46-amd64",
          "debian-bookworm-6.1.0-50-s390x",
          "debian-bookworm-6.1.0-50-armmp-armhf");

  @TempDir Path folder;

  @Test
  void the_same_kernels_give_the_same_bytes_and_protoc_accepts_them() throws Exception {
    Path once = compile("once");
    Path again = compile("again");
    assertEquals(content(once), content(again));

    List<String> protos =
        content(once).keySet().stream().filter(name -> name.startsWith("linux/")).toList();
    assertEquals(protos, List.copyOf(Protoc.compile(once, protos).keySet()));
  }

  private Path compile(String name) {
    Path out = folder.resolve(name);
    List<String> arguments = new ArrayList<>(List.of("compile", "--out", out.toString()));
    KERNELS.forEach(id -> arguments.add(SampleKernel.tar(id).toString()));
    Outcome.of(arguments).fine();
    return out;
  }

  /// Every file's hash by its path.
  private static SortedMap<String, Sha256> content(Path root) throws IOException {
    SortedMap<String, Sha256> content = new TreeMap<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        content.put(root.relativize(file).toString(), Sha256.of(Files.readAllBytes(file)));
      }
    }
    return content;
  }
}
