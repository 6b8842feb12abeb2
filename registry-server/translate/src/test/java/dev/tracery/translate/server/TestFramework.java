package dev.tracery.translate.server;

import dev.tracery.decode.PlanInterpreter;
import dev.tracery.model.Glob;
import dev.tracery.registry.Registry;
import dev.tracery.registry.core.LogRegistry;
import dev.tracery.registry.core.RegistryLimits;
import dev.tracery.store.MemoryStore;
import dev.tracery.trace.RecordFilter;
import dev.tracery.trace.Trace;
import dev.tracery.trace.TraceLimits;
import dev.tracery.trace.Traces;
import dev.tracery.translate.EventTypes;
import dev.tracery.translate.TraceItemWriter;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation.Request;
import dev.tracery.translation.Translation.Source;
import dev.tracery.translation.TranslatorBundles.Bundle;
import dev.tracery.v1.TraceItem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.Assertions;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;

/// A real Felix, a registry in memory, and the translation over both.
final class TestFramework implements AutoCloseable {

  final Framework framework;
  final Registry registry;
  final TranslationServer server;
  final Path home;

  TestFramework(Path home) {
    this(home, new MemoryStore.Disk(), 8);
  }

  TestFramework(Path home, MemoryStore.Disk disk, int maxGenerated) {
    this.home = home;
    Map<String, String> properties = new HashMap<>();
    properties.put(Constants.FRAMEWORK_STORAGE, home.resolve("felix").toString());
    properties.put(
        Constants.FRAMEWORK_STORAGE_CLEAN, Constants.FRAMEWORK_STORAGE_CLEAN_ONFIRSTINIT);
    properties.put(Constants.FRAMEWORK_BSNVERSION, Constants.FRAMEWORK_BSNVERSION_MULTIPLE);
    properties.put("felix.service.urlhandlers", "false");
    properties.put(
        Constants.FRAMEWORK_SYSTEMPACKAGES_EXTRA,
        "dev.tracery.translator;version=\"0.1.0\",dev.tracery.model;version=\"0.1.0\"");
    framework = new FrameworkFactory().newFramework(properties);
    try {
      framework.init();
      framework.start();
    } catch (BundleException e) {
      throw new AssertionError(e);
    }
    registry = new LogRegistry(new MemoryStore(disk), RegistryLimits.DEFAULT, "test");
    TranslateSettings by = TranslateSettings.defaults(home.resolve("spool"));
    server =
        new TranslationServer(
            framework.getBundleContext(),
            registry,
            new TranslateSettings(
                maxGenerated,
                Duration.ofMillis(500),
                Duration.ofMillis(6000),
                4,
                by.maxJarBytes(),
                64 << 20,
                by.maxSpoolBytes(),
                by.spool()));
  }

  Collected translate(Path trace, String... events) throws IOException {
    Collected out = new Collected();
    Request request =
        new Request(
            new Source.TraceFile("it.dat"),
            Stream.of(events).map(Glob::of).toList(),
            Set.of(),
            OptionalLong.empty(),
            OptionalLong.empty());
    try (TraceJob job = server.begin(request, out);
        InputStream in = Files.newInputStream(trace)) {
      for (byte[] chunk = in.readNBytes(1 << 18);
          chunk.length > 0;
          chunk = in.readNBytes(1 << 18)) {
        job.file(chunk);
      }
      job.finish();
    }
    return out;
  }

  /// What the interpreter makes of a trace with the registry's schemas, without any of the server.
  Collected interpret(Path file) throws IOException {
    Collected out = new Collected();
    try (Trace trace = Traces.open(file, TraceLimits.DEFAULT)) {
      EventTypes types =
          new EventTypes(
              trace.content(),
              new RegistrySchemas(registry),
              (plan, _) -> new PlanInterpreter(plan));
      TraceItemWriter writer =
          new TraceItemWriter(
              trace.content(),
              types,
              (bytes, offset, length) ->
                  out.take(TraceItem.parser().parseFrom(bytes, offset, length)));
      try (var records = trace.records(RecordFilter.ALL)) {
        while (records.advance()) {
          writer.write(records);
        }
      }
      writer.end(trace.problems());
    }
    return out;
  }

  Bundle bundle(String name) {
    List<Bundle> found =
        server.list().stream().filter(bundle -> bundle.name().equals(name)).toList();
    Assertions.assertEquals(1, found.size(), () -> "bundles " + name + ": " + server.list());
    return found.getFirst();
  }

  static void eventually(BooleanSupplier condition) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      Assertions.assertTrue(System.nanoTime() < until, "did not happen within 20 s");
      try {
        Thread.sleep(5);
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  @Override
  public void close() {
    server.close();
    try {
      framework.stop();
      framework.waitForStop(2_000);
    } catch (BundleException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
