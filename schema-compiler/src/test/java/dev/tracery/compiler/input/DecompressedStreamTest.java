package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecompressedStreamTest {

  @TempDir Path folder;
  private InputFiles files = new InputFiles(Path.of("."));

  @BeforeEach
  void useTheFolder() {
    files = new InputFiles(folder);
  }

  /// A tar whose one entry, which is not a format, is all zeros.
  private static byte[] bomb(long zeros) throws IOException {
    byte[] tar = new Tars().file("zeros", "").bytes();
    byte[] header = Arrays.copyOf(tar, 512);
    byte[] size =
        String.format("%011o\0", zeros).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(size, 0, header, 124, size.length);
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    byte[] checksum =
        String.format("%06o\0 ", sum).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    System.arraycopy(checksum, 0, header, 148, checksum.length);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(out, 8192)) {
      gzip.write(header);
      byte[] chunk = new byte[1 << 20];
      for (long left = zeros; left > 0; left -= chunk.length) {
        gzip.write(chunk, 0, (int) Math.min(chunk.length, left));
      }
    }
    return out.toByteArray();
  }

  private static List<String> codes(KernelInput input) {
    return input.diagnostics().stream().map(found -> found.code()).toList();
  }

  @Test
  void a_bomb_is_known_by_its_ratio() throws IOException {
    KernelInput input = files.read(bomb(64L << 20));
    assertEquals(List.of("COMPRESSION_RATIO_TOO_HIGH"), codes(input));
  }

  @Test
  void a_bomb_is_known_by_its_size() throws IOException {
    InputLimits limits = new InputLimits(1000, 10, 10_000, 1 << 20, 500, 1 << 20, 100, 10);
    KernelInput input = files.read(bomb(2 << 20), limits);
    assertEquals(List.of("DECOMPRESSED_TOO_LARGE"), codes(input));
  }

  @Test
  void a_zstd_window_beyond_the_limit_is_refused_before_memory_is_taken() throws IOException {
    // RFC 8878, 3.1.1.1.2: exponent 21 is 2 GiB.
    byte[] window = {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (21 << 3), 1, 0, 0};
    assertEquals(
        List.of(
            "input@6: error COMPRESSION_UNSUPPORTED: a zstd frame asks for a window of 2147483648"
                + " bytes; at most 67108864 are allowed (decompress the file first, with zstd -d)"),
        files.problems(files.read(window)));
    // A single segment has to be held as a whole, and says its size in 8 bytes.
    byte[] single = {
      0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, (byte) 0xe0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0
    };
    assertEquals(List.of("COMPRESSION_UNSUPPORTED"), codes(files.read(single)));
  }

  @Test
  void compressed_data_that_was_cut_anywhere_is_refused() throws IOException {
    byte[] tar = new Tars().file("events/s/e/format", Tars.format("e")).bytes();
    for (byte[] whole : List.of(Tars.gzip(tar), Tars.zstd(tar))) {
      for (int length = 4; length < whole.length; length++) {
        assertEquals(
            List.of("INPUT_TRUNCATED"),
            codes(files.read(Arrays.copyOf(whole, length))),
            "cut at " + length);
      }
    }
  }

  @Test
  void compressed_data_with_one_wrong_bit_never_passes_for_another_format() throws IOException {
    byte[] tar = new Tars().file("events/s/e/format", Tars.format("e")).bytes();
    KernelInput good = files.read(tar);
    for (byte[] whole : List.of(Tars.gzip(tar), Tars.zstd(tar))) {
      for (int bit = 0; bit < whole.length * 8; bit += 3) {
        byte[] bad = whole.clone();
        bad[bit / 8] ^= (byte) (1 << bit % 8);
        KernelInput input = files.read(bad);
        if (!input.hasErrors()) {
          // Why: a flipped time or flag in gzip's header changes nothing.
          assertEquals(good.events(), input.events(), "bit " + bit);
        }
      }
    }
  }

  @Test
  void other_compressions_are_named() throws IOException {
    byte[] xz = {(byte) 0xfd, '7', 'z', 'X', 'Z', 0, 0, 0};
    assertEquals(
        List.of(
            "input: error COMPRESSION_UNSUPPORTED: is compressed with xz: expected a tracefs"
                + " folder, a tar of one, a trace.dat or a perf.data (each plain, or compressed with"
                + " gzip or zstd) (decompress it first)"),
        files.problems(files.read(xz)));
  }

  @Test
  void no_temporary_file_is_left() throws IOException {
    SampleKernel kernel = SampleKernel.named("5.10.0-46-amd64");
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    Set<Path> before = temporaryFiles(temporary);
    KernelInputReader.read(kernel.trace("perf.data.zst"), InputLimits.DEFAULT);
    byte[] whole = Files.readAllBytes(kernel.trace("perf.data.zst"));
    files.read(Arrays.copyOf(whole, whole.length / 2));
    assertEquals(before, temporaryFiles(temporary));
  }

  private static Set<Path> temporaryFiles(Path folder) throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.filter(file -> file.getFileName().toString().matches("tracery-.*\\.unpacked"))
          .collect(java.util.stream.Collectors.toSet());
    }
  }
}
