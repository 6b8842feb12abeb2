package dev.tracery.render;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.FormatCompiler;
import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.InputLimits;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.input.KernelInputReader;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Every print format of the sample kernels on random records, whole ones and damaged ones. What
/// cannot be evaluated is listed in `not-evaluable.txt` with its reason; `-Dtracery.rewrite=true`
/// writes that file anew.
final class SampleFormatsTest {

  private static final Path SAMPLES = Path.of("..", "it-tests", "samples");
  private static final Path GOLDEN =
      Path.of("src", "test", "resources", "dev", "tracery", "render", "not-evaluable.txt");
  private static final int RECORDS = 24;

  /// Every address is that of a string, so that random addresses are no reason.
  private static final KernelTables TABLES =
      new KernelTables(KernelSymbols.NONE, _ -> new byte[] {'s'});

  @Test
  void everyPrintFormatOfEveryKernelRendersWhateverTheRecordHolds() throws IOException {
    StringBuilder table = new StringBuilder();
    try (Stream<Path> kernels = Files.list(SAMPLES)) {
      for (Path kernel : kernels.filter(Files::isDirectory).sorted().toList()) {
        table.append(rendered(kernel));
      }
    }
    if (Boolean.getBoolean("tracery.rewrite")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, table);
    }
    assertEquals(Files.readString(GOLDEN), table.toString());
  }

  private static String rendered(Path kernel) {
    KernelInput input =
        KernelInputReader.read(kernel.resolve("formats.tar.zst"), InputLimits.DEFAULT);
    Target target =
        new Target(
            input.wordSize().orElseThrow().value(),
            input.machine().orElseThrow().value().equals("s390x")
                ? ByteOrder.BIG_ENDIAN
                : ByteOrder.LITTLE_ENDIAN);
    RandomRecord records = new RandomRecord(new Random(4));
    FormatCompiler compiler = new FormatCompiler();
    int always = 0;
    int sometimes = 0;
    int never = 0;
    Map<String, Integer> reasons = new TreeMap<>();
    for (EventFormatFile file : input.events()) {
      Layout layout = compiler.compile(file.file(), file.text(), target).layout().orElseThrow();
      List<String> obstacles = new ArrayList<>(EventRenderers.obstacles(layout));
      RenderNotes notes = new RenderNotes();
      boolean any = render(file, layout, records, notes);
      if (!any) {
        obstacles.addAll(notes.reasons().values());
      }
      always += obstacles.isEmpty() ? 1 : 0;
      sometimes += any && !obstacles.isEmpty() ? 1 : 0;
      never += any ? 0 : 1;
      obstacles.stream().findFirst().ifPresent(reason -> reasons.merge(reason, 1, Integer::sum));
    }
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %d events: %d of all records, %d of some, %d of none\n"
            .formatted(kernel.getFileName(), always + sometimes + never, always, sometimes, never));
    reasons.forEach((reason, events) -> text.append("  %4d  %s\n".formatted(events, reason)));
    return text.toString();
  }

  /// @return whether some record was rendered by the print format
  private static boolean render(
      EventFormatFile file, Layout layout, RandomRecord records, RenderNotes notes) {
    boolean any = false;
    TextBuffer out = new TextBuffer(64);
    TextBuffer fields = new TextBuffer(64);
    EventRenderers renderers = new EventRenderers(layout.target(), TABLES, notes);
    EventRenderer renderer = renderers.of(file.event(), layout);
    EventRenderer raw = renderers.rawFields(layout);
    for (int i = 0; i < RECORDS; i++) {
      byte[] record = i % 4 == 3 ? records.damaged(layout) : records.sound(layout);
      out.truncate(0);
      fields.truncate(0);
      try {
        // Why no byte after the record: a read outside of it throws.
        renderer.render(record, 0, record.length, out);
        raw.render(record, 0, record.length, fields);
      } catch (RuntimeException e) {
        throw new AssertionError(file.event() + " " + Arrays.toString(record), e);
      }
      any |= notes.reasons().isEmpty() || !out.toString().equals(fields.toString());
    }
    return any;
  }
}
