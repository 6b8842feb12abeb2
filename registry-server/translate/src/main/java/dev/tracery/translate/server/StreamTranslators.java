package dev.tracery.translate.server;

import dev.tracery.compiler.lineage.SchemaVersion;
import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.translate.TranslatorSource;
import dev.tracery.translate.guard.ForeignFailure;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translate.guard.GuardedTranslator;
import dev.tracery.translate.guard.MessageCheck;
import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.KernelTranslator;
import dev.tracery.v1.DecodePlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Chooses, for one stream, what translates each layout: the first of the bundles that it holds
/// which has a translator for it, and the interpreter where none has. Not thread-safe.
final class StreamTranslators implements TranslatorSource {

  /// What the protocol calls the interpreter.
  static final String INTERPRETER = "interpreter";

  private final TranslatorPool.Lease lease;
  private final ForeignThreads threads;
  private final RegistrySchemas schemas;
  private final Map<EventTranslator, String> labels = new HashMap<>();
  private final List<CountedTranslator> counted = new ArrayList<>();

  StreamTranslators(TranslatorPool.Lease lease, ForeignThreads threads, RegistrySchemas schemas) {
    this.lease = lease;
    this.threads = threads;
    this.schemas = schemas;
  }

  @Override
  public EventTranslator translator(DecodePlan plan, Sha256 layout) {
    EventName event = EventName.parse(plan.getEvent());
    EventTranslator interpreter = new PlanInterpreter(plan);
    for (HostedBundle bundle : lease.bundles()) {
      Optional<EventTranslator> found = ask(bundle, event, layout, plan, interpreter);
      if (found.isPresent()) {
        lease.use(bundle);
        labels.put(found.get(), bundle.label());
        return found.get();
      }
    }
    return interpreter;
  }

  private Optional<EventTranslator> ask(
      HostedBundle bundle,
      EventName event,
      Sha256 layout,
      DecodePlan plan,
      EventTranslator interpreter) {
    if (bundle.isQuarantined()) {
      return Optional.empty();
    }
    int version = plan.getSchemaVersion();
    if (bundle.isTrusted()) {
      return find(bundle, event, layout, version)
          .map(translator -> {
            CountedTranslator counted = new CountedTranslator(translator, bundle);
            this.counted.add(counted);
            return counted;
          });
    }
    try {
      Optional<EventTranslator> foreign =
          threads.call(
              "asking it for the translator of " + event,
              () -> find(bundle, event, layout, version));
      if (foreign.isEmpty()) {
        return Optional.empty();
      }
      SchemaVersion schema = schemas.known(event, layout);
      return Optional.of(
          new GuardedTranslator(foreign.get(), interpreter, bundle, new MessageCheck(schema)));
    } catch (ForeignFailure failure) {
      bundle.quarantine(String.valueOf(failure.getMessage()));
      return Optional.empty();
    }
  }

  private static Optional<EventTranslator> find(
      HostedBundle bundle, EventName event, Sha256 layout, int version) {
    for (KernelTranslator translators : bundle.translators()) {
      EventTranslator translator = translators.translator(event, layout, version);
      if (translator != null) {
        return Optional.of(translator);
      }
    }
    return Optional.empty();
  }

  /// What translates, as the protocol names it: a bundle's name and version, or `interpreter`.
  String label(EventTranslator translator) {
    return labels.getOrDefault(translator, INTERPRETER);
  }

  /// Adds what was translated to what the bundles have translated.
  void count() {
    counted.forEach(CountedTranslator::flush);
  }

  /// Whether the stream holds a bundle whose code must be watched.
  boolean hasForeign() {
    return lease.bundles().stream().anyMatch(bundle -> !bundle.isTrusted());
  }
}
