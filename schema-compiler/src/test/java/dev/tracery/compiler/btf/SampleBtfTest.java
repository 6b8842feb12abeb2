package dev.tracery.compiler.btf;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.compiler.input.InputLimits;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import dev.tracery.model.WordSize;
import dev.tracery.v1.KernelTypes;
import dev.tracery.v1.Parameter;
import io.airlift.compress.v3.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The BTF of real kernels.
class SampleBtfTest {

  static final String BOOKWORM = "debian-bookworm-6.1.0-56-amd64";
  static final String TRIXIE = "debian-trixie-6.12.117-amd64";

  private static final Target LITTLE = new Target(WordSize.BITS_64, ByteOrder.LITTLE_ENDIAN);
  private static final Path BPFTOOL = Path.of("/usr/sbin/bpftool");

  @TempDir private Path folder = Path.of(".");

  static Path file(String sample) {
    return Path.of("..", "it-tests", "samples", sample, "btf-vmlinux.zst");
  }

  static byte[] unpacked(String sample) throws IOException {
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file(sample)))) {
      return in.readAllBytes();
    }
  }

  private static KernelTypes read(String sample) {
    KernelTypesReader.Result result =
        KernelTypesReader.read(file(sample), LITTLE, InputLimits.DEFAULT);
    assertEquals(List.of(), result.diagnostics());
    return result.types().orElseThrow();
  }

  private static String only(KernelTypes types, String name) {
    KernelTypes.Builder found = KernelTypes.newBuilder();
    types.getTracepointsList().stream()
        .filter(tracepoint -> tracepoint.getName().equals(name))
        .forEach(found::addTracepoints);
    types.getStructsList().stream()
        .filter(struct -> struct.getName().equals("trace_event_raw_" + name))
        .forEach(found::addStructs);
    return KernelTypesReaderTest.text(found.build());
  }

  @Test
  void tracepoints_and_structs_are_those_of_the_kernel() {
    KernelTypes bookworm = read(BOOKWORM);
    assertEquals(639, bookworm.getTracepointsCount());
    assertEquals(411, bookworm.getStructsCount());
    KernelTypes trixie = read(TRIXIE);
    assertEquals(772, trixie.getTracepointsCount());
    assertEquals(491, trixie.getStructsCount());
    assertEquals(
        """
        sched_switch(bool preempt, struct task_struct * prev, struct task_struct * next, \
        unsigned int prev_state)
        trace_event_raw_sched_switch: 64
           0  64 STRUCT  struct trace_entry ent
          64 128 ARRAY   char[16] prev_comm
         192  32 INTEGER signed pid_t prev_pid
         224  32 INTEGER signed int prev_prio
         256  64 INTEGER signed long prev_state
         320 128 ARRAY   char[16] next_comm
         448  32 INTEGER signed pid_t next_pid
         480  32 INTEGER signed int next_prio
         512   0 ARRAY   char[] __data
        """,
        only(bookworm, "sched_switch"));
    assertEquals(only(bookworm, "sched_switch"), only(trixie, "sched_switch"));
  }

  /// bpftool's C has other spellings: the integers as the compiler names them, `[0]` and `* const`.
  private static String normal(String type) {
    return type.replaceAll("\\blong long unsigned int\\b", "unsigned long long")
        .replaceAll("\\blong unsigned int\\b", "unsigned long")
        .replaceAll("\\blong long int\\b", "long long")
        .replaceAll("\\blong int\\b", "long")
        .replaceAll("\\bshort unsigned int\\b", "unsigned short")
        .replaceAll("\\bshort int\\b", "short")
        .replace("* const", "*const")
        .replace("[0]", "[]");
  }

  private String bpftool(String sample) throws IOException, InterruptedException {
    Assumptions.assumeTrue(Files.isExecutable(BPFTOOL), "bpftool is not installed");
    Path btf = Files.write(folder.resolve("vmlinux"), unpacked(sample));
    Process process =
        new ProcessBuilder(BPFTOOL.toString(), "btf", "dump", "file", btf.toString(), "format", "c")
            .redirectErrorStream(true)
            .start();
    String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), text);
    return text;
  }

  @ParameterizedTest
  @ValueSource(strings = {BOOKWORM, TRIXIE})
  void bpftool_writes_the_same_parameters_and_members(String sample) throws Exception {
    String dump = bpftool(sample);
    KernelTypes types = read(sample);
    Map<String, String> expected = new TreeMap<>();
    Pattern.compile("(?m)^typedef void \\(\\*btf_trace_(\\w+)\\)\\(void \\*(?:, )?(.*)\\);$")
        .matcher(dump)
        .results()
        .forEach(found -> expected.put(found.group(1), normal(found.group(2))));
    Map<String, String> parameters =
        types.getTracepointsList().stream()
            .collect(
                Collectors.toMap(
                    tracepoint -> tracepoint.getName(),
                    tracepoint ->
                        tracepoint.getParameters().getParametersList().stream()
                            .map(Parameter::getType)
                            .collect(Collectors.joining(", ")),
                    (a, _) -> a,
                    TreeMap::new));
    assertEquals(expected, parameters);
    Map<String, List<String>> bodies = new TreeMap<>();
    Pattern.compile("(?ms)^struct (trace_event_raw_\\w+) \\{\n(.*?)^\\};$")
        .matcher(dump)
        .results()
        .forEach(found ->
            bodies.put(
                found.group(1), normal(found.group(2)).lines().map(line -> line.strip()).toList()));
    Map<String, List<String>> members = new TreeMap<>();
    types
        .getStructsList()
        .forEach(struct ->
            members.put(
                struct.getName(),
                struct.getMembersList().stream()
                    .map(member -> declaration(member.getType(), member.getName()) + ";")
                    .toList()));
    assertEquals(bodies, members);
    assertTrue(bodies.size() > 400);
  }

  private static String declaration(String type, String name) {
    int bracket = type.indexOf('[');
    String space = type.endsWith("*") ? "" : " ";
    return bracket < 0
        ? type + space + name
        : type.substring(0, bracket) + " " + name + type.substring(bracket);
  }
}
