package dev.tracery.render.evaluate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// The enumerators whose values are taken for certain, beside the kernels' own BTF.
final class KnownEnumeratorsTest {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");

  /// In none of the two kernels' BTF: in modules, or macros.
  private static final Set<String> NOT_IN_BTF = new TreeSet<>(Set.of());

  @Test
  void everyEnumeratorHasItsValueInEveryKernelThatHasIt() throws IOException {
    Map<String, Set<Integer>> values = new HashMap<>();
    for (String kernel :
        List.of("debian-bookworm-6.1.0-56-amd64", "debian-trixie-6.12.117-amd64")) {
      enumerators(SAMPLES.resolve(kernel).resolve("btf-vmlinux.zst"), values);
    }
    List<String> wrong = new ArrayList<>();
    Set<String> unseen = new TreeSet<>();
    KnownEnumerators.all()
        .forEach((name, value) -> {
          Set<Integer> seen = values.getOrDefault(name, Set.of());
          if (seen.isEmpty()) {
            unseen.add(name);
          } else if (!seen.equals(Set.of(value))) {
            wrong.add(name + " is " + seen + " and not " + value);
          }
        });
    assertEquals(List.of(), wrong);
    assertEquals(NOT_IN_BTF, unseen);
    assertTrue(values.size() > 10_000);
  }

  /// Adds the enumerators of a BTF file (Documentation/bpf/btf.rst, Linux 6.12).
  private static void enumerators(Path file, Map<String, Set<Integer>> to) throws IOException {
    byte[] bytes;
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file))) {
      bytes = in.readAllBytes();
    }
    ByteBuffer btf = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int head = btf.getInt(4);
    int at = head + btf.getInt(8);
    int end = at + btf.getInt(12);
    int strings = head + btf.getInt(16);
    while (at < end) {
      int kind = btf.getInt(at + 4) >>> 24 & 31;
      int count = btf.getInt(at + 4) & 0xffff;
      at += 12;
      int size =
          switch (kind) {
            case 1, 14, 17 -> 4;
            case 3 -> 12;
            case 4, 5, 15, 19 -> 12 * count;
            case 6, 13 -> 8 * count;
            default -> 0;
          };
      for (int i = 0; (kind == 6 || kind == 19) && i < count; i++) {
        int entry = at + size / count * i;
        to.computeIfAbsent(text(bytes, strings + btf.getInt(entry)), _ -> new HashSet<>())
            .add(btf.getInt(entry + 4));
      }
      at += size;
    }
  }

  private static String text(byte[] bytes, int start) {
    int end = start;
    while (bytes[end] != 0) {
      end++;
    }
    return new String(bytes, start, end - start, StandardCharsets.UTF_8);
  }
}
