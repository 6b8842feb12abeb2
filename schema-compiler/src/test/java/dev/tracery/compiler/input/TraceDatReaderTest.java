package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Small files written by hand after trace-cmd.dat.v6(5) and trace-cmd.dat.v7(5).
class TraceDatReaderTest {

  @TempDir Path folder;
  private InputFiles files = new InputFiles(Path.of("."));

  @BeforeEach
  void useTheFolder() {
    files = new InputFiles(folder);
  }

  private static byte[] head(String version) {
    return Bytes.little()
        .raw(new byte[] {0x17, 0x08, 0x44})
        .text("tracing" + version + "\0")
        .u8(0)
        .u8(8)
        .u32(4096)
        .bytes();
  }

  private static byte[] headers() {
    return Bytes.little()
        .text("header_page\0")
        .u64(Tars.HEADER_PAGE.length())
        .text(Tars.HEADER_PAGE)
        .text("header_event\0")
        .u64(0)
        .bytes();
  }

  private static byte[] ftraceFormats() {
    return Bytes.little().u32(1).raw(sized(Tars.format("print"))).bytes();
  }

  private static byte[] eventFormats() {
    return Bytes.little()
        .u32(2)
        .text("sched\0")
        .u32(1)
        .raw(sized(Tars.format("sched_switch")))
        .text("irq\0")
        .u32(2)
        .raw(sized(Tars.format("irq_handler_entry")))
        .raw(sized(Tars.format("irq_handler_exit")))
        .bytes();
  }

  private static byte[] sized(String text) {
    return Bytes.little().u64(text.length()).text(text).bytes();
  }

  private static byte[] version6() {
    return InputFiles.concat(
        head("6"),
        headers(),
        ftraceFormats(),
        eventFormats(),
        Bytes.little()
            .u32(3)
            .text("sym")
            .u32(0)
            .u64(2)
            .text("c\n")
            .u32(2)
            .text("options  \0")
            .u16(1)
            .u32(4)
            .text("date")
            .u16(5)
            .u32(25)
            .text("Linux host 6.1.0-x x86_64\0".substring(0, 25))
            .u16(0)
            .text("flyrecord\0")
            .bytes());
  }

  private static byte[] section(int id, byte[] body, String compression) throws IOException {
    boolean compressed = !compression.equals("none");
    byte[] content = body;
    if (compressed) {
      byte[] packed = compression.equals("zstd") ? Tars.zstd(body) : zlib(body);
      content = Bytes.little().u32(packed.length).u32(body.length).raw(packed).bytes();
    }
    return Bytes.little()
        .u16(id)
        .u16(compressed ? 1 : 0)
        .u32(0)
        .u64(content.length)
        .raw(content)
        .bytes();
  }

  private static byte[] zlib(byte[] plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (DeflaterOutputStream zlib = new DeflaterOutputStream(out)) {
      zlib.write(plain);
    }
    return out.toByteArray();
  }

  /// Sections, then the options that name them, in two option sections.
  private static byte[] version7(String compression) throws IOException {
    String[] names =
        compression.equals("none") ? new String[] {"none", ""} : new String[] {compression, "1"};
    byte[] head =
        InputFiles.concat(
            head("7"), Bytes.little().text(names[0] + "\0" + names[1] + "\0").bytes());
    byte[] first = section(16, headers(), compression);
    byte[] second = section(17, ftraceFormats(), compression);
    byte[] third = section(18, eventFormats(), compression);
    long at = head.length + 8;
    byte[] later =
        section(
            0,
            Bytes.little()
                .u16(18)
                .u32(8)
                .u64(at + first.length + second.length)
                .u16(0)
                .u32(8)
                .u64(0)
                .bytes(),
            compression);
    long laterAt = at + first.length + second.length + third.length;
    byte[] options =
        section(
            0,
            Bytes.little()
                .u16(16)
                .u32(8)
                .u64(at)
                .u16(17)
                .u32(8)
                .u64(at + first.length)
                .u16(4711)
                .u32(3)
                .text("new")
                .u16(5)
                .u32(25)
                .text("Linux host 6.1.0-x x86_64")
                .u16(0)
                .u32(8)
                .u64(laterAt)
                .bytes(),
            compression);
    return InputFiles.concat(
        head,
        Bytes.little().u64(laterAt + later.length).bytes(),
        first,
        second,
        third,
        later,
        options);
  }

  private static final List<String> EVENTS =
      List.of(
          "ftrace/print", "irq/irq_handler_entry", "irq/irq_handler_exit", "sched/sched_switch");

  @Test
  void version_6_is_read_to_its_options() throws IOException {
    KernelInput input = files.read(version6());
    assertEquals(List.of(), input.diagnostics());
    assertEquals(EVENTS, InputFiles.events(input));
    assertEquals(
        "KernelIdentity[release=6.1.0-x, build=, machine=x86_64, target=64-bit little-endian,"
            + " pageSize=4096]",
        IdentityResolver.resolve(input, KernelFlags.NONE).identity().orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "zlib", "zstd"})
  void version_7_is_read_along_its_chain_of_options(String compression) throws IOException {
    KernelInput input = files.read(version7(compression));
    assertEquals(List.of(), input.diagnostics());
    assertEquals(EVENTS, InputFiles.events(input));
    assertEquals(
        "KernelIdentity[release=6.1.0-x, build=, machine=x86_64, target=64-bit little-endian,"
            + " pageSize=4096]",
        IdentityResolver.resolve(input, KernelFlags.NONE).identity().orElseThrow().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "none", "zlib", "zstd"})
  void a_file_that_was_cut_anywhere_has_errors(String kind) throws IOException {
    byte[] whole = kind.equals("6") ? version6() : version7(kind);
    // Why: version 6 is read up to its options, and the tag after them is not looked at; the end of
    // the chain in version 7 is only as long as it is needed.
    int last = kind.equals("6") ? whole.length - "flyrecord\0".length() : whole.length;
    for (int length = 10; length < last; length += 3) {
      KernelInput input = files.read(Arrays.copyOf(whole, length));
      assertTrue(input.hasErrors() || isBeforeOptions(kind, length, whole), "cut at " + length);
    }
  }

  /// A version 6 file whose end is cut within the word `options` is one without options.
  private static boolean isBeforeOptions(String kind, int length, byte[] whole) {
    int tag =
        new String(whole, java.nio.charset.StandardCharsets.ISO_8859_1).indexOf("options  \0");
    return kind.equals("6") && length >= tag && length < tag + 10;
  }

  @Test
  void a_chain_that_comes_back_ends() throws IOException {
    byte[] head = InputFiles.concat(head("7"), Bytes.little().text("none\0\0").bytes());
    long at = head.length + 8;
    byte[] options = section(0, Bytes.little().u16(0).u32(8).u64(at).bytes(), "none");
    KernelInput input =
        files.read(InputFiles.concat(head, Bytes.little().u64(at).bytes(), options));
    assertEquals(
        List.of("input@32: error SECTION_LOOPS: the chain of options comes back to offset 32"),
        files.problems(input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"6", "none", "zlib"})
  void any_byte_may_be_wrong(String kind) throws IOException {
    byte[] whole = kind.equals("6") ? version6() : version7(kind);
    for (int at = 10; at < whole.length; at++) {
      byte[] bad = whole.clone();
      bad[at] ^= (byte) 0xff;
      KernelInput input = files.read(bad);
      assertTrue(input.hasErrors() || !input.events().isEmpty(), "byte " + at);
    }
  }

  @Test
  void sections_that_overlap_are_not_read_for_ever() throws IOException {
    byte[] head = InputFiles.concat(head("7"), Bytes.little().text("none\0\0").bytes());
    long at = head.length + 8;
    byte[] formats = section(18, eventFormats(), "none");
    Bytes options = Bytes.little();
    for (int i = 0; i < 5000; i++) {
      options.u16(18).u32(8).u64(at + i % formats.length);
    }
    for (int i = 0; i < 5000; i++) {
      options.u16(18).u32(8).u64(at + formats.length + i);
    }
    byte[] file =
        InputFiles.concat(
            head,
            Bytes.little().u64(at + formats.length).bytes(),
            formats,
            section(0, options.u16(0).u32(8).u64(0).bytes(), "none"));
    KernelInput input = files.read(file);
    assertEquals(InputLimits.DEFAULT.maxProblems() + 1, input.diagnostics().size());
    assertEquals("ENTRIES_TOO_MANY", input.diagnostics().getLast().code());
  }

  @Test
  void places_beyond_the_end_are_told_and_the_other_sections_read() throws IOException {
    byte[] head = InputFiles.concat(head("7"), Bytes.little().text("none\0\0").bytes());
    byte[] formats = section(18, eventFormats(), "none");
    long at = head.length + 8;
    byte[] options =
        section(
            0,
            Bytes.little()
                .u16(16)
                .u32(8)
                .u64(-1)
                .u16(17)
                .u32(8)
                .u64(at)
                .u16(18)
                .u32(8)
                .u64(at + 1)
                .u16(0)
                .u32(8)
                .u64(0)
                .bytes(),
            "none");
    byte[] file =
        InputFiles.concat(head, Bytes.little().u64(at + formats.length).bytes(), formats, options);
    KernelInput input = files.read(file);
    assertEquals(
        List.of(
            "input@269: error SIZE_BEYOND_END: the head of section 16: 16 bytes at offset"
                + " 18446744073709551615 are beyond the end at 319",
            "input@32: error VALUE_INVALID: expected section 17 but found section 18",
            "input@33: error VALUE_INVALID: expected section 18 but found section 0"),
        files.problems(input));
  }

  @Test
  void sizes_that_lie_are_told_with_their_place() throws IOException {
    byte[] file = version6();
    int size = head("6").length + "header_page\0".length();
    file[size + 7] = (byte) 0x80;
    assertEquals(
        List.of(
            "input@38: error SIZE_BEYOND_END: header_page: 9223372036854776013 bytes are expected"
                + " but only "
                + (file.length - 38)
                + " are left"),
        files.problems(files.read(file)));
  }

  @Test
  void a_section_of_another_size_than_it_says_is_damaged() throws IOException {
    byte[] file = version7("zstd");
    int size = head("7").length + "zstd\0001\0".length() + 8 + 16 + 4;
    file[size]++;
    assertEquals(
        List.of("COMPRESSION_DAMAGED"),
        files.read(file).diagnostics().stream().map(found -> found.code()).toList());
  }

  @Test
  void a_compression_that_is_not_known_is_named() throws IOException {
    byte[] file = version7("zstd");
    file[head("7").length] = 'Z';
    assertEquals(
        List.of("COMPRESSION_UNSUPPORTED"),
        files.read(file).diagnostics().stream().map(found -> found.code()).toList());
  }

  @Test
  void a_version_that_is_not_known_is_named() throws IOException {
    assertEquals(
        List.of(
            "input: error VERSION_UNSUPPORTED: expected a trace.dat of version 6 or 7 but found"
                + " \"8\" (convert it with trace-cmd convert --file-version 7)"),
        files.problems(files.read(head("8"))));
  }

  @Test
  void a_format_without_a_name_is_told_and_the_others_read() throws IOException {
    byte[] file =
        InputFiles.concat(
            head("6"),
            headers(),
            Bytes.little().u32(2).raw(sized("nonsense")).raw(sized(Tars.format("print"))).bytes(),
            Bytes.little().u32(0).u32(0).u32(0).u64(0).u32(1).bytes());
    KernelInput input = files.read(file);
    assertEquals(
        List.of("EVENT_NAME_MISSING"),
        input.diagnostics().stream().map(found -> found.code()).toList());
    assertEquals(List.of("ftrace/print"), InputFiles.events(input));
  }
}
