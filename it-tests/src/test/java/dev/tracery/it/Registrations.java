package dev.tracery.it;

import dev.tracery.client.EventSource;
import dev.tracery.client.Registration;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import java.util.Map;
import java.util.Optional;

/// How samples are registered with the Java client.
public final class Registrations {

  private Registrations() {}

  /// A sample as it is, in the series of its machine.
  public static Registration of(SampleKernel kernel) {
    return new Registration(
        kernel.identity(),
        Optional.of("samples-" + kernel.identity().machine()),
        false,
        kernel.formats().entrySet().stream().map(format -> source(kernel, format)).toList());
  }

  private static EventSource source(SampleKernel kernel, Map.Entry<EventName, byte[]> format) {
    byte[] text = format.getValue();
    Sha256 hash =
        new FormatCompiler()
            .compile(format.getKey() + "/format", text, kernel.identity().target())
            .layout()
            .orElseThrow()
            .hash();
    return new EventSource(format.getKey(), FormatText.id(text), hash, () -> text);
  }
}
