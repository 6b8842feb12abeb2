package dev.tracery.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.compiler.layout.Field;
import dev.tracery.compiler.layout.Layout;
import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.model.EventName;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the compiler makes of all formats of all sample kernels.
class FormatSamplesTest {

  /// Everything that is said about them, and why it is right.
  private static final Map<String, String> DIAGNOSTICS =
      Map.of(
          "applespi/applespi_irq_received: PRINT_EMPTY",
          "TP_printk(\"\\n\"), whose line feed is trimmed: an event that prints nothing");

  /// Where a 32-bit kernel has other names of values, and why.
  private static final Map<String, String> OTHER_NAMES =
      Map.of(
          "compaction", "HighMem in place of DMA32",
          "oom", "HighMem in place of DMA32",
          "nfs4", "F_GETLK64 and its kind",
          "kvm", "the i386 sample is an older 6.1.y",
          "skb", "the i386 sample is an older 6.1.y");

  private static final Pattern FIELD =
      Pattern.compile(
          "^\\tfield:(.*?)(\\w+)(\\[[^]]*\\])?;\\toffset:(\\d+);\\tsize:(\\d+);\\tsigned:(\\d);$",
          Pattern.MULTILINE);
  private static final Pattern FIELD_LINE = Pattern.compile("^\\tfield", Pattern.MULTILINE);

  @Test
  void every_field_line_is_a_field() {
    List<KernelInput> inputs = SampleKernels.inputs();
    int count = 0;
    for (int kernel = 0; kernel < inputs.size(); kernel++) {
      for (EventFormatFile file : inputs.get(kernel).events()) {
        String text = new String(file.text(), StandardCharsets.UTF_8);
        Layout layout = layout(kernel, file.event());
        List<String> expected = new ArrayList<>();
        Matcher field = FIELD.matcher(text);
        while (field.find()) {
          String brackets = field.group(3) == null ? "" : field.group(3);
          expected.add(
              line(
                  field.group(2),
                  field.group(1).strip() + brackets,
                  Integer.parseInt(field.group(4)),
                  Integer.parseInt(field.group(5)),
                  field.group(6).equals("1")));
        }
        assertEquals(FIELD_LINE.matcher(text).results().count(), expected.size(), file.file());
        List<String> fields = new ArrayList<>();
        layout.commonFields().forEach(f -> fields.add(line(f)));
        layout.fields().forEach(f -> fields.add(line(f)));
        assertEquals(expected, fields, file.file());
        count += fields.size();
      }
    }
    assertEquals(323_206, count);
  }

  @Test
  void every_print_format_is_understood() {
    List<String> notUnderstood = new ArrayList<>();
    for (Map<EventName, Layout> layouts : SampleKernels.layouts()) {
      layouts.forEach((event, layout) -> {
        if (layout.printFormat().tree().isEmpty()) {
          notUnderstood.add(event + ": " + layout.printFormat().text());
        }
      });
    }
    assertEquals(List.of(), notUnderstood);
  }

  @Test
  void nothing_else_is_said_about_them() {
    TreeSet<String> said = new TreeSet<>();
    for (KernelInput input : SampleKernels.inputs()) {
      FormatCompiler compiler = new FormatCompiler();
      for (EventFormatFile file : input.events()) {
        for (Diagnostic diagnostic :
            compiler.compile(file.file(), file.text(), SampleKernels.target(input)).diagnostics()) {
          said.add(file.event() + ": " + diagnostic.code());
        }
      }
    }
    assertEquals(new TreeSet<>(DIAGNOSTICS.keySet()), said);
  }

  @Test
  void the_same_event_has_the_same_names_of_values_on_32_and_64_bits() {
    TreeSet<String> systems = new TreeSet<>();
    Map<EventName, Layout> i386 = kernel("6.1.0-50-686-pae-i386");
    kernel("6.1.0-56-amd64")
        .forEach((event, layout) -> {
          Layout other = i386.get(event);
          if (other == null) {
            return;
          }
          for (Field field : layout.fields()) {
            other.fields().stream()
                .filter(f -> f.name().equals(field.name()) && f.occurrence() == field.occurrence())
                .filter(f -> !f.symbols().equals(field.symbols()))
                .forEach(_ -> systems.add(event.system()));
          }
        });
    assertEquals(new TreeSet<>(OTHER_NAMES.keySet()), systems);
  }

  private static Layout layout(int kernel, EventName event) {
    Layout layout = SampleKernels.layouts().get(kernel).get(event);
    if (layout == null) {
      throw new AssertionError("no layout of " + event);
    }
    return layout;
  }

  private static Map<EventName, Layout> kernel(String name) {
    for (int i = 0; i < SampleKernels.folders().size(); i++) {
      if (SampleKernels.folders().get(i).toString().contains(name)) {
        return SampleKernels.layouts().get(i);
      }
    }
    throw new AssertionError("no sample " + name);
  }

  private static String line(Field field) {
    return line(
        field.name(), field.cType(), field.offset(), field.size(), field.signed().orElseThrow());
  }

  private static String line(String name, String type, int offset, int size, boolean signed) {
    return type + " " + name + " at " + offset + " size " + size + " signed " + signed;
  }
}
