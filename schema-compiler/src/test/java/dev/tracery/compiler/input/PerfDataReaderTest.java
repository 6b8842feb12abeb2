package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PerfDataReaderTest {

  @TempDir Path folder;
  private InputFiles files = new InputFiles(Path.of("."));

  @BeforeEach
  void useTheFolder() {
    files = new InputFiles(folder);
  }

  private static byte[] sample(String kernel) throws IOException {
    return SampleKernel.unpacked(SampleKernel.named(kernel).trace("perf.data.zst"));
  }

  private static ByteBuffer ordered(byte[] file) {
    return ByteBuffer.wrap(file)
        .order(file[0] == 'P' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
  }

  /// One feature of a file that perf wrote.
  private static byte[] feature(byte[] file, int wanted) {
    ByteBuffer in = ordered(file);
    long table = in.getLong(40) + in.getLong(48);
    long bits = in.getLong(72);
    int index = Long.bitCount(bits & ((1L << wanted) - 1));
    int offset = (int) in.getLong((int) table + 16 * index);
    int size = (int) in.getLong((int) table + 16 * index + 8);
    return Arrays.copyOfRange(file, offset, offset + size);
  }

  /// The same file as a pipe would have carried it.
  private static byte[] pipe(byte[] file) {
    boolean little = file[0] == 'P';
    Bytes out = little ? Bytes.little() : Bytes.big();
    out.text(little ? "PERFILE2" : "2ELIFREP").u64(16);
    out.u32(64).u16(0).u16(16).u64(0);
    out.u32(71).u16(0).u16(16).u64(5).text("aux b");
    for (int id : new int[] {3, 6}) {
      byte[] body = feature(file, id);
      out.u32(80).u16(0).u16(16 + body.length).u64(id).raw(body);
    }
    byte[] tracing = feature(file, 1);
    int padding = -tracing.length & 7;
    out.u32(66).u16(0).u16(12).u32(tracing.length + padding).raw(tracing);
    out.raw(new byte[padding]);
    out.u32(9).u16(0).u16(24).u64(1).u64(2);
    byte[] release = feature(file, 4);
    return out.u32(80).u16(0).u16(16 + release.length).u64(4).raw(release).bytes();
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10.0-46-amd64", "s390x"})
  void a_pipe_gives_what_the_file_gives(String kernel) throws IOException {
    byte[] file = sample(kernel);
    KernelInput fromFile = files.read(file);
    KernelInput fromPipe = files.read(pipe(file));
    assertEquals(List.of(), fromPipe.diagnostics());
    assertEquals(fromFile.events(), fromPipe.events());
    assertEquals(
        IdentityResolver.resolve(fromFile, KernelFlags.NONE),
        IdentityResolver.resolve(fromPipe, KernelFlags.NONE));
  }

  @Test
  void a_file_without_tracing_data_is_refused() throws IOException {
    byte[] file = sample("5.10.0-46-amd64");
    ByteBuffer in = ordered(file);
    in.putLong(72, 0);
    assertEquals(
        List.of(
            "input: error TRACING_DATA_MISSING: has no tracing data (perf writes it when it records"
                + " tracepoints, as perf record -e 'sched:*' does, and is not killed before it"
                + " ends)"),
        files.problems(files.read(file)));
  }

  @Test
  void places_beyond_the_end_are_told() throws IOException {
    byte[] file = sample("5.10.0-46-amd64");
    ordered(file).putLong(48, -1);
    assertEquals(
        List.of(
            "input@40: error SIZE_BEYOND_END: the samples: 18446744073709551615 bytes at offset"
                + " 5120 are beyond the end at 1532489"),
        files.problems(files.read(file)));
  }

  @Test
  void a_record_without_a_size_ends_the_reading() throws IOException {
    byte[] pipe = Bytes.little().text("PERFILE2").u64(16).u32(64).u16(0).u16(0).bytes();
    assertEquals(
        List.of("VALUE_INVALID"),
        files.read(pipe).diagnostics().stream().map(found -> found.code()).toList());
  }

  @Test
  void any_byte_of_the_header_and_of_the_table_of_features_may_be_wrong() throws IOException {
    byte[] file = sample("5.10.0-46-amd64");
    ByteBuffer in = ordered(file);
    int table = (int) (in.getLong(40) + in.getLong(48));
    int tableEnd = table + 16 * Long.bitCount(in.getLong(72));
    for (int at = 8; at < tableEnd; at = at == 103 ? table : at + 1) {
      byte kept = file[at];
      file[at] ^= (byte) 0xff;
      KernelInput input = files.read(file);
      assertTrue(input.hasErrors() || !input.events().isEmpty(), "byte " + at);
      file[at] = kept;
    }
  }

  @Test
  void a_file_that_was_cut_has_errors() throws IOException {
    byte[] pipe = pipe(sample("5.10.0-46-amd64"));
    for (int length = 8; length < pipe.length - 200; length += 997) {
      assertTrue(files.read(Arrays.copyOf(pipe, length)).hasErrors(), "cut at " + length);
    }
  }
}
