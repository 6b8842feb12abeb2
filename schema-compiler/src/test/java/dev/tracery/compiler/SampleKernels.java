package dev.tracery.compiler;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.compiler.lineage.Evolution;
import dev.tracery.compiler.lineage.Lineage;
import dev.tracery.compiler.lineage.LineageEvolver;
import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.EventName;
import dev.tracery.model.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The sample kernels of `it-tests/samples`, read and compiled once.
public final class SampleKernels {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");

  private SampleKernels() {}

  /// The folders of the samples, sorted by name.
  public static List<Path> folders() {
    try (Stream<Path> folders = Files.list(SAMPLES)) {
      return folders.filter(Files::isDirectory).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What each sample's format tree says, in the order of [#folders].
  public static List<KernelInput> inputs() {
    return Loaded.INPUTS;
  }

  /// The layouts of each sample, by event, in the order of [#folders].
  public static List<Map<EventName, Layout>> layouts() {
    return Loaded.LAYOUTS;
  }

  /// The lineages that kernels give when they are registered in this order.
  public static Map<EventName, Lineage> lineages(List<Map<EventName, Layout>> kernels) {
    LineageEvolver evolver = new LineageEvolver();
    Map<EventName, Lineage> lineages = new TreeMap<>();
    Set<String> taken = new HashSet<>();
    for (Map<EventName, Layout> kernel : kernels) {
      kernel.forEach((event, layout) -> {
        Lineage before = lineages.get(event);
        Evolution evolution =
            before == null ? evolver.begin(event, layout, taken) : evolver.evolve(before, layout);
        if (evolution.isNew()) {
          taken.add(evolution.version().messageName());
          List<SchemaVersion> versions =
              new ArrayList<>(before == null ? List.of() : before.versions());
          versions.add(evolution.version());
          lineages.put(event, new Lineage(versions));
        }
      });
    }
    return lineages;
  }

  /// Word size and byte order of a sample.
  public static Target target(KernelInput input) {
    return new Target(
        input.wordSize().orElseThrow().value(),
        input.machine().orElseThrow().value().equals("s390x")
            ? ByteOrder.BIG_ENDIAN
            : ByteOrder.LITTLE_ENDIAN);
  }

  private static final class Loaded {
    static final List<KernelInput> INPUTS = folders().stream().map(Loaded::read).toList();
    static final List<Map<EventName, Layout>> LAYOUTS =
        INPUTS.stream().map(Loaded::compile).toList();

    private static KernelInput read(Path folder) {
      return KernelInputReader.read(folder.resolve("formats.tar.zst"), InputLimits.DEFAULT);
    }

    private static Map<EventName, Layout> compile(KernelInput input) {
      FormatCompiler compiler = new FormatCompiler();
      Map<EventName, Layout> layouts = new TreeMap<>();
      List<String> errors = new ArrayList<>();
      for (EventFormatFile file : input.events()) {
        var result = compiler.compile(file.file(), file.text(), target(input));
        result.layout().ifPresent(layout -> layouts.put(file.event(), layout));
        if (result.layout().isEmpty()) {
          errors.add(result.diagnostics().toString());
        }
      }
      if (!errors.isEmpty()) {
        throw new AssertionError(errors.toString());
      }
      return layouts;
    }
  }
}
