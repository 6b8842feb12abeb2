package dev.tracery.translate.server;

import dev.tracery.translate.BundleWriter;
import dev.tracery.translate.IndexedTranslators;
import dev.tracery.translate.TranslatorIndex;
import dev.tracery.translate.guard.ForeignFailure;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translator.FieldBridge;
import dev.tracery.translator.KernelTranslator;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.URL;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/// The framework, as far as translators need it. Every bundle gets a location of its own, so that
/// an update is another bundle beside the old one, and streams that began with the old one go on.
/// Thread-safe.
final class BundleHost implements AutoCloseable {

  private static final Logger LOG = System.getLogger(BundleHost.class.getName());

  private final BundleContext context;
  private final ForeignThreads threads;
  private final Duration startLimit;
  private final AtomicLong locations = new AtomicLong();

  // Why a thread of its own: to stop a bundle runs its code, and streams must not wait for that.
  private final ExecutorService removals =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("tracery-bundle-removal").factory());

  /// @param startLimit how long a bundle of others may take to start or stop
  BundleHost(BundleContext context, ForeignThreads threads, Duration startLimit) {
    this.context = context;
    this.threads = threads;
    this.startLimit = startLimit;
  }

  /// A bundle in the framework.
  ///
  /// @param translators of its index, then its services
  /// @param layouts that its index has
  /// @param kernel the kernel that its capability names; empty where it has none
  /// @param bridges whether it has a service that fills fields
  record Installed(
      Bundle bundle,
      String name,
      String version,
      List<KernelTranslator> translators,
      int layouts,
      int ranking,
      String kernel,
      String release,
      String machine,
      boolean bridges) {}

  /// Installs a bundle that this server has made. None of its code runs yet.
  Installed installOwn(String location, byte[] jar) throws BundleException {
    Bundle bundle = install(location, jar);
    try {
      return describe(bundle, index(bundle), List.of());
    } catch (IOException | IllegalArgumentException e) {
      uninstall(bundle);
      throw new BundleException("it has no index that can be read: " + e.getMessage(), e);
    }
  }

  /// Installs and starts a bundle of somebody else.
  ///
  /// @throws BundleException if it cannot be resolved or started, or what it says of itself cannot
  ///   be read; then it is gone again, unless it does not come back from its start
  Installed installForeign(String location, byte[] jar) throws BundleException {
    Bundle bundle = install(location, jar);
    try {
      Optional<BundleException> refused = threads.call("starting it", startLimit, start(bundle));
      if (refused.isPresent()) {
        uninstallSoon(bundle);
        throw refused.get();
      }
      TranslatorIndex index = index(bundle);
      List<KernelTranslator> services = new ArrayList<>();
      for (ServiceReference<?> reference : services(bundle, KernelTranslator.class)) {
        // Why watched: a bundle may make its service only when it is asked for it.
        services.add(
            threads.call(
                "making its service",
                startLimit,
                () -> (KernelTranslator) context.getService(reference)));
      }
      return describe(bundle, index, services);
    } catch (ForeignFailure | IOException | IllegalArgumentException e) {
      uninstallSoon(bundle);
      throw new BundleException(String.valueOf(e.getMessage()), e);
    }
  }

  /// What the framework itself has against the bundle is answered, what the bundle throws is
  /// thrown.
  private static ForeignThreads.Step<Optional<BundleException>> start(Bundle bundle) {
    return () -> {
      try {
        bundle.start(Bundle.START_TRANSIENT);
        return Optional.empty();
      } catch (BundleException e) {
        if (e.getType() == BundleException.RESOLVE_ERROR) {
          return Optional.of(
              new BundleException("it cannot be resolved: " + e.getMessage(), e.getType(), e));
        }
        throw e.getCause() == null ? e : e.getCause();
      }
    };
  }

  private Bundle install(String location, byte[] jar) throws BundleException {
    return context.installBundle(
        location + "/" + locations.incrementAndGet(), new ByteArrayInputStream(jar));
  }

  private static @Nullable TranslatorIndex index(Bundle bundle) throws IOException {
    URL entry = bundle.getEntry(TranslatorIndex.PATH);
    if (entry == null) {
      return null;
    }
    try (InputStream in = entry.openStream()) {
      return TranslatorIndex.read(in);
    }
  }

  private static Installed describe(
      Bundle bundle, @Nullable TranslatorIndex index, List<KernelTranslator> services) {
    List<KernelTranslator> translators = new ArrayList<>(services);
    if (index != null) {
      translators.addFirst(new IndexedTranslators(index, bundle::loadClass));
    }
    Map<String, Object> capability = capability(bundle);
    return new Installed(
        bundle,
        bundle.getSymbolicName(),
        bundle.getVersion().toString(),
        translators,
        index == null ? 0 : index.size(),
        ranking(bundle),
        text(capability, "kernel"),
        text(capability, "release"),
        text(capability, "machine"),
        !services(bundle, FieldBridge.class).isEmpty());
  }

  private static String text(Map<String, Object> attributes, String name) {
    return attributes.get(name) instanceof String text ? text : "";
  }

  private static Map<String, Object> capability(Bundle bundle) {
    List<BundleCapability> capabilities =
        bundle.adapt(BundleRevision.class).getDeclaredCapabilities(BundleWriter.CAPABILITY);
    return capabilities.isEmpty() ? Map.of() : capabilities.getFirst().getAttributes();
  }

  private static List<ServiceReference<?>> services(Bundle bundle, Class<?> type) {
    List<ServiceReference<?>> found = new ArrayList<>();
    ServiceReference<?>[] registered = bundle.getRegisteredServices();
    if (registered != null) {
      for (ServiceReference<?> reference : registered) {
        if (reference.getProperty(Constants.OBJECTCLASS) instanceof String[] types
            && List.of(types).contains(type.getName())) {
          found.add(reference);
        }
      }
    }
    return found;
  }

  private static int ranking(Bundle bundle) {
    return services(bundle, KernelTranslator.class).stream()
        .mapToInt(reference ->
            reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking
                ? ranking
                : 0)
        .max()
        .orElse(0);
  }

  /// Takes a bundle out of the framework, soon. No stream may use its classes any more.
  void remove(Installed installed) {
    uninstallSoon(installed.bundle());
  }

  private void uninstallSoon(Bundle bundle) {
    try {
      removals.execute(() -> uninstallForeign(bundle));
    } catch (RejectedExecutionException _) {
      // The server stops, and the framework with every bundle in it.
    }
  }

  private void uninstallForeign(Bundle bundle) {
    try {
      threads.call(
          "stopping it",
          startLimit,
          () -> {
            uninstall(bundle);
            return true;
          });
    } catch (ForeignFailure failure) {
      LOG.log(
          Level.WARNING,
          "the bundle " + bundle.getSymbolicName() + " stays: " + failure.getMessage());
    }
  }

  private static void uninstall(Bundle bundle) {
    try {
      bundle.uninstall();
    } catch (BundleException | IllegalStateException e) {
      LOG.log(Level.WARNING, "cannot remove the bundle " + bundle.getSymbolicName() + ": " + e);
    }
  }

  @Override
  public void close() {
    removals.shutdown();
  }
}
