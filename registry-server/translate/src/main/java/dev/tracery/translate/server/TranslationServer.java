package dev.tracery.translate.server;

import dev.tracery.compiler.input.InputLimits;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Translators.Bridge;
import dev.tracery.trace.TraceLimits;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translation.Answers;
import dev.tracery.translation.TraceJob;
import dev.tracery.translation.Translation;
import dev.tracery.translation.TranslatorBundles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/// Translates traces with whatever bundles there are, and keeps these. Settings are framework
/// properties (see [TranslateSettings]). Thread-safe.
@Component(service = {Translation.class, TranslatorBundles.class})
public final class TranslationServer implements Translation, TranslatorBundles, AutoCloseable {

  // Why less than for files at home: several streams share the server's heap.
  private static final int TABLE_BYTES = 16 << 20;
  private static final int CHUNK_BYTES = 4 << 20;
  private static final int MAX_CPUS = 4_096;
  private static final int MAX_BUFFERS = 256;

  private final Registry registry;
  private final TranslateSettings settings;
  final TranslatorPool pool = new TranslatorPool();
  private final ForeignThreads threads;
  private final BundleHost host;
  private final GeneratedBundles generated;
  private final InstalledBundles installed;
  private final ServiceWatch services;
  private final TraceSpool spool;
  private final Parts parts;

  /// The component: the data folder is the framework property `tracery.data`.
  @Activate
  public TranslationServer(BundleContext context, @Reference Registry registry) {
    this(
        context,
        registry,
        TranslateSettings.read(context::getProperty, spool(context::getProperty)));
  }

  TranslationServer(BundleContext context, Registry registry, TranslateSettings settings) {
    this.registry = registry;
    this.settings = settings;
    this.spool =
        new TraceSpool(settings.spool(), settings.maxFileBytes(), settings.maxSpoolBytes());
    this.threads = new ForeignThreads(settings.callLimit(), settings.maxAbandoned());
    this.host = new BundleHost(context, threads, settings.startLimit());
    this.generated = new GeneratedBundles(registry, host, pool, settings.maxGenerated());
    TraceLimits limits =
        new TraceLimits(
            InputLimits.DEFAULT,
            settings.maxFileBytes(),
            TABLE_BYTES,
            MAX_BUFFERS,
            MAX_CPUS,
            CHUNK_BYTES);
    this.parts = new Parts(registry, pool, generated, threads, limits);
    this.services = new ServiceWatch(context, pool, threads);
    this.installed = new InstalledBundles(registry, host, pool, generated);
    // Why waited for: the first stream shall find what was there before a restart.
    installed.settle();
  }

  private static Path spool(java.util.function.Function<String, @Nullable String> properties) {
    String data = properties.apply("tracery.data");
    return Path.of(data == null ? System.getProperty("java.io.tmpdir") : data)
        .resolve("translation");
  }

  @Override
  public TraceJob begin(Request request, Answers answers) {
    return switch (request.source()) {
      case Source.TraceFile file ->
          new FileJob(parts, spool.begin(), file.name(), request, answers);
      case Source.RawPages pages -> new PagesJob(parts, pages, request, answers);
    };
  }

  @Override
  public List<Bundle> list() {
    Map<String, List<String>> bridged = new TreeMap<>();
    for (Bridge bridge : registry.translators().bridges()) {
      List<String> fields =
          bridged.computeIfAbsent(bridge.bundle() + " " + bridge.version(), _ -> new ArrayList<>());
      bridge.fields().forEach(field -> fields.add(field.event() + "." + field.name()));
    }
    return pool.all().stream()
        .map(bundle -> bundle.describe(bridged.getOrDefault(bundle.label(), List.of())))
        .sorted(
            Comparator.comparing(Bundle::name)
                .thenComparing(Bundle::version)
                .thenComparing(Bundle::state))
        .toList();
  }

  @Override
  public int maxJarBytes() {
    return settings.maxJarBytes();
  }

  @Override
  public Installation install(byte[] jar) {
    Installation done = installed.install(jar);
    return new Installation(described(done.bundle()), done.replacedVersion());
  }

  private Bundle described(Bundle bundle) {
    return list().stream()
        .filter(other -> other.name().equals(bundle.name()) && other.state() != State.DRAINING)
        .findFirst()
        .orElse(bundle);
  }

  @Override
  public Bundle remove(String name) {
    return installed.remove(name).describe(List.of());
  }

  /// Ends everything but streams, which end with their calls.
  @Deactivate
  @Override
  public void close() {
    installed.close();
    services.close();
    generated.close();
    host.close();
    threads.close();
  }
}
