package dev.tracery.translate;

import dev.tracery.model.Sha256;
import dev.tracery.translator.EventTranslator;
import dev.tracery.v1.DecodePlan;
import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// Makes a class for each layout when it is first asked for, in this process: what a bundle brings,
/// without a bundle. The classes live as long as this does. Thread-safe.
public final class GeneratedTranslators implements TranslatorSource {

  private final ClassWriter writer = new ClassWriter();
  private final ConcurrentMap<String, EventTranslator> translators = new ConcurrentHashMap<>();
  private final Loader loader = new Loader();

  private static final class Loader extends ClassLoader {

    Loader() {
      super("tracery-generated", EventTranslator.class.getClassLoader());
    }

    Class<?> define(String name, byte[] bytes) {
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  /// @throws IllegalArgumentException if the plan is not as `decode.proto` says
  @Override
  public EventTranslator translator(DecodePlan plan, Sha256 layout) {
    ClassPlan classPlan = ClassPlan.of(plan);
    return translators.computeIfAbsent(
        classPlan.className(), name -> make(loader.define(name, writer.write(classPlan))));
  }

  private static EventTranslator make(Class<?> type) {
    try {
      return (EventTranslator) type.getDeclaredConstructor().newInstance();
    } catch (InstantiationException
        | IllegalAccessException
        | NoSuchMethodException
        | InvocationTargetException e) {
      throw new AssertionError(type + " was made here, and is as it must be", e);
    }
  }
}
