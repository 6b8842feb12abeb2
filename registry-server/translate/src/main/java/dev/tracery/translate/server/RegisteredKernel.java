package dev.tracery.translate.server;

import dev.tracery.compiler.input.EventFormatFile;
import dev.tracery.compiler.input.Fact;
import dev.tracery.compiler.input.KernelInput;
import dev.tracery.diagnostic.SourceLocation;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.Registry.KernelEvent;
import dev.tracery.trace.TraceBuffer;
import dev.tracery.trace.TraceContent;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.SchemaSource;
import dev.tracery.translate.TranslatorSource;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// What a trace would say of a kernel, from the registry: for pages that come without formats.
final class RegisteredKernel {

  private RegisteredKernel() {}

  /// The kernel's events with its ids. Formats are read from the registry as records need them.
  ///
  /// @param wanted which events
  static EventTypes types(
      Registry registry,
      Kernel kernel,
      Predicate<KernelEvent> wanted,
      SchemaSource schemas,
      TranslatorSource translators) {
    Map<Integer, KernelEvent> events =
        KernelPlans.events(registry, kernel.id()).stream()
            .filter(wanted)
            .collect(Collectors.toMap(KernelEvent::id, event -> event, (first, _) -> first));
    Map<Integer, EventName> names = HashMap.newHashMap(events.size());
    events.forEach((id, event) -> names.put(id, event.event()));
    return new EventTypes(
        kernel.identity().target(),
        names,
        id -> format(registry, Objects.requireNonNull(events.get(id))),
        schemas,
        translators);
  }

  /// What is known of the kernel, without its formats.
  static TraceContent content(Kernel kernel) {
    KernelIdentity identity = kernel.identity();
    return new TraceContent(
        new KernelInput(
            kernel.id(),
            fact(identity.release(), kernel),
            fact(identity.build(), kernel),
            fact(identity.machine(), kernel),
            fact(identity.target().byteOrder(), kernel),
            fact(identity.target().wordSize(), kernel),
            fact(identity.pageSize(), kernel),
            Optional.empty(),
            List.of(),
            List.of()),
        identity.target(),
        List.of(new TraceBuffer("", "", 0)),
        new byte[0],
        new byte[0],
        new byte[0]);
  }

  private static <T> Optional<Fact<T>> fact(T value, Kernel kernel) {
    return Optional.of(new Fact<>(value, SourceLocation.inBinary("kernel " + kernel.id(), 0)));
  }

  /// A stored format has the id 0, in its first line.
  private static EventFormatFile format(Registry registry, KernelEvent event) {
    byte[] text = registry.layouts().format(event.layoutHash().orElseThrow());
    int rest = 0;
    while (rest < text.length && text[rest] != '\n') {
      rest++;
    }
    byte[] id = ("ID: " + event.id()).getBytes(StandardCharsets.US_ASCII);
    byte[] whole = new byte[id.length + text.length - rest];
    System.arraycopy(id, 0, whole, 0, id.length);
    System.arraycopy(text, rest, whole, id.length, text.length - rest);
    return new EventFormatFile(event.event(), event.event() + "/format", whole);
  }
}
