package dev.tracery.translate;

import dev.tracery.model.EventName;
import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.translator.KernelTranslator;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/// The translators of a bundle that says with a [TranslatorIndex] where they are. A class is loaded
/// when its first event is asked for. Thread-safe.
public final class IndexedTranslators implements KernelTranslator {

  private final TranslatorIndex index;
  private final ClassSource classes;
  private final ConcurrentMap<String, EventTranslator> translators = new ConcurrentHashMap<>();

  /// Where classes come from: `bundle::loadClass`.
  @FunctionalInterface
  public interface ClassSource {

    /// The class of that name.
    Class<?> load(String name) throws ClassNotFoundException;
  }

  /// @param classes has the classes that the index names
  public IndexedTranslators(TranslatorIndex index, ClassSource classes) {
    this.index = index;
    this.classes = classes;
  }

  /// @throws IllegalStateException if the bundle has not what its index says
  @Override
  public @Nullable EventTranslator translator(EventName event, Sha256 layout, int schemaVersion) {
    return Optional.ofNullable(index.className(event, layout, schemaVersion))
        .map(name -> translators.computeIfAbsent(name, this::make))
        .orElse(null);
  }

  private EventTranslator make(String name) {
    try {
      return (EventTranslator) classes.load(name).getConstructor().newInstance();
    } catch (ReflectiveOperationException | ClassCastException | LinkageError e) {
      throw new IllegalStateException("the class " + name + " is no translator: " + e, e);
    }
  }
}
