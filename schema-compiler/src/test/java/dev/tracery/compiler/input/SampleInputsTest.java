package dev.tracery.compiler.input;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The sample kernels: trees that the kernel wrote, and files that trace-cmd and perf wrote of
/// them.
class SampleInputsTest {

  private static final Set<String> DYNAMIC =
      Set.of("kprobes", "uprobes", "eprobes", "fprobes", "synthetic");

  /// Each is looked at by several tests.
  private static final Map<Path, KernelInput> INPUTS = new HashMap<>();

  private static KernelInput read(Path file) {
    return INPUTS.computeIfAbsent(file, path -> KernelInputReader.read(path, InputLimits.DEFAULT));
  }

  @AfterAll
  static void forgetTheInputs() {
    INPUTS.clear();
  }

  static List<SampleKernel> kernels() {
    return SampleKernel.all();
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void a_tar_gives_every_format_of_its_tree(SampleKernel kernel) throws IOException {
    KernelInput input = read(kernel.formats());
    assertEquals(List.of(), input.diagnostics());
    TreeMap<EventName, byte[]> tree = kernel.tree("events");
    assertEquals(
        List.copyOf(tree.keySet()), input.events().stream().map(EventFormatFile::event).toList());
    for (EventFormatFile file : input.events()) {
      assertArrayEquals(tree.get(file.event()), file.text(), file.file());
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void a_tar_tells_which_kernel_it_is_of(SampleKernel kernel) throws IOException {
    KernelInput input = read(kernel.formats());
    assertEquals(
        new IdentityResolver.Resolution(Optional.of(kernel.identity()), List.of()),
        IdentityResolver.resolve(input, KernelFlags.NONE));
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void traces_carry_the_formats_of_the_tree(SampleKernel kernel) throws IOException {
    TreeMap<EventName, byte[]> tree = kernel.tree("events");
    TreeMap<EventName, byte[]> dynamic = kernel.tree("dyn/events");
    for (Path trace : kernel.traces()) {
      KernelInput input = read(trace);
      assertEquals(List.of(), input.diagnostics(), trace.toString());
      assertTrue(input.events().size() >= 16, trace.toString());
      for (EventFormatFile file : input.events()) {
        boolean made = DYNAMIC.contains(file.event().system());
        assertArrayEquals(
            (made ? dynamic : tree).get(file.event()), file.text(), trace + " " + file.file());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void every_event_of_the_golden_text_has_a_format(SampleKernel kernel) throws IOException {
    Pattern line = Pattern.compile("^.{16,}? \\[\\d+\\] +[\\d.]+: (\\w+): .*", Pattern.MULTILINE);
    for (Path trace : kernel.traces()) {
      if (trace.endsWith("perf.data.zst")) {
        continue;
      }
      Path golden = Path.of(trace.toString().replace(".dat.zst", ".raw.txt.zst"));
      Set<String> recorded =
          line.matcher(new String(SampleKernel.unpacked(golden), StandardCharsets.ISO_8859_1))
              .results()
              .map(result -> result.group(1))
              .collect(Collectors.toCollection(TreeSet::new));
      assertFalse(recorded.isEmpty(), golden.toString());
      read(trace).events().forEach(file -> recorded.remove(file.event().name()));
      assertEquals(Set.of(), recorded, trace.toString());
    }
  }

  @Test
  void a_trace_of_all_events_carries_the_whole_tree() throws IOException {
    SampleKernel kernel = SampleKernel.named("5.10.0-46-amd64");
    KernelInput input = read(kernel.trace("all.dat.zst"));
    assertEquals(
        List.copyOf(kernel.tree("events").keySet()),
        input.events().stream().map(EventFormatFile::event).toList());
  }

  @ParameterizedTest
  @ValueSource(strings = {"5.10.0-46-amd64", "6.1.0-56-amd64", "s390x"})
  void a_perf_data_carries_the_systems_that_were_recorded(String name) throws IOException {
    SampleKernel kernel = SampleKernel.named(name);
    Set<String> systems = Set.of("irq", "sched");
    KernelInput input = read(kernel.trace("perf.data.zst"));
    assertEquals(
        kernel.tree("events").keySet().stream()
            .filter(event -> systems.contains(event.system()))
            .toList(),
        input.events().stream().map(EventFormatFile::event).toList());
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void traces_tell_everything_of_their_kernel_but_the_build(SampleKernel kernel)
      throws IOException {
    KernelIdentity whole = kernel.identity();
    KernelIdentity withoutBuild =
        new KernelIdentity(whole.release(), "", whole.machine(), whole.target(), whole.pageSize());
    for (Path trace : kernel.traces()) {
      KernelInput input = read(trace);
      assertEquals(
          new IdentityResolver.Resolution(Optional.of(withoutBuild), List.of()),
          IdentityResolver.resolve(input, KernelFlags.NONE),
          trace.toString());
    }
  }
}
