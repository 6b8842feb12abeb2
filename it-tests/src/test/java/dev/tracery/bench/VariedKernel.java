package dev.tracery.bench;

import dev.tracery.client.EventSource;
import dev.tracery.client.Registration;
import dev.tracery.compiler.FormatCompiler;
import dev.tracery.it.FormatText;
import dev.tracery.model.EventName;
import dev.tracery.model.KernelIdentity;
import dev.tracery.model.Sha256;
import dev.tracery.model.Target;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A kernel that was made by varying a real one.
///
/// @param events by name
public record VariedKernel(KernelIdentity identity, String series, List<Event> events) {

  /// @param text the format; the number in its `ID:` line is that of the real kernel, not `id`
  public record Event(EventName name, int id, byte[] text) {}

  /// Computes the hashes of layouts, once for each text. Not thread-safe.
  public static final class Hashes {
    private final FormatCompiler compiler = new FormatCompiler();
    private final Map<Key, Sha256> known = new HashMap<>();

    private record Key(Sha256 text, Target target) {}

    public Sha256 of(Event event, Target target) {
      return known.computeIfAbsent(
          new Key(Sha256.of(event.text()), target),
          _ ->
              compiler
                  .compile(event.name() + "/format", event.text(), target)
                  .layout()
                  .orElseThrow(() -> new IllegalStateException(event.name() + " does not compile"))
                  .hash());
    }
  }

  /// How it is registered.
  public Registration registration(Hashes hashes) {
    return new Registration(
        identity,
        Optional.of(series),
        false,
        events.stream()
            .map(event ->
                new EventSource(
                    event.name(),
                    event.id(),
                    hashes.of(event, identity.target()),
                    () -> FormatText.withId(event.text(), event.id())))
            .toList());
  }
}
