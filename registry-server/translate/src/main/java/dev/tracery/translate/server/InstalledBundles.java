package dev.tracery.translate.server;

import dev.tracery.model.Sha256;
import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.registry.RegistryException;
import dev.tracery.registry.RegistryException.Code;
import dev.tracery.registry.Translators;
import dev.tracery.translate.BundleWriter;
import dev.tracery.translation.TranslatorBundles.Installation;
import dev.tracery.translation.TranslatorBundles.Origin;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.osgi.framework.BundleException;

/// The bundles that people have installed: what the log has is in the framework, on every server.
/// One thread makes all changes, one after the other; no lock is held while a bundle starts.
/// Thread-safe.
final class InstalledBundles implements AutoCloseable {

  private static final Logger LOG = System.getLogger(InstalledBundles.class.getName());

  /// A bundle that is here.
  private record Entry(HostedBundle hosted, Sha256 jar) {}

  private final Registry registry;
  private final BundleHost host;
  private final TranslatorPool pool;
  private final GeneratedBundles generated;
  private final AutoCloseable subscription;

  // Only the thread of `changes` touches it.
  private final Map<String, Entry> entries = new HashMap<>();

  private final ExecutorService changes =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("tracery-bundle-changes").factory());

  /// Begins to follow the log. What is in it now is installed before anything else is.
  InstalledBundles(
      Registry registry, BundleHost host, TranslatorPool pool, GeneratedBundles generated) {
    this.registry = registry;
    this.host = host;
    this.pool = pool;
    this.generated = generated;
    this.subscription = registry.onHeadMoved(_ -> followSoon());
    followSoon();
  }

  /// Waits until everything that was asked for so far is done.
  void settle() {
    change(() -> true);
  }

  /// Installs a bundle, or updates the one of its name, here and in the log.
  Installation install(byte[] jar) {
    JarHead head = JarHead.read(jar);
    return change(() -> installHere(head, jar));
  }

  /// Removes a bundle, here and from the log.
  HostedBundle remove(String name) {
    return change(() -> {
      // Why: what another server, or an import, has put into the log may not be here yet.
      follow();
      registry.translators().remove(name);
      Entry entry = entries.remove(name);
      if (entry == null) {
        throw new IllegalStateException(name + " was in the log and not here");
      }
      pool.withdraw(entry.hosted);
      return entry.hosted;
    });
  }

  private Installation installHere(JarHead head, byte[] jar) {
    Sha256 hash = Sha256.of(jar);
    HostedBundle bundle;
    BundleHost.Installed installed;
    try {
      installed = host.installForeign("tracery:installed/" + head.name(), jar);
    } catch (BundleException e) {
      throw new RegistryException(
          Code.FAILED_PRECONDITION,
          "translator " + head.name(),
          "the bundle " + head.name() + " " + head.version() + ": " + e.getMessage());
    }
    if (!installed.name().equals(head.name()) || !installed.version().equals(head.version())) {
      // Why: a jar may have two manifests, of which the framework reads the other.
      host.remove(installed);
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "chunk",
          "the first manifest of the jar calls the bundle "
              + head.name()
              + " "
              + head.version()
              + ", and the one that counts "
              + installed.name()
              + " "
              + installed.version());
    }
    if (installed.translators().isEmpty() && !installed.bridges()) {
      host.remove(installed);
      throw new RegistryException(
          Code.INVALID_ARGUMENT,
          "chunk",
          "the bundle "
              + head.name()
              + " has no index of translators, and registered no service KernelTranslator or"
              + " FieldBridge when it was started");
    }
    Optional<String> replaced;
    try {
      replaced =
          registry.translators().installed(0).stream()
              .filter(old -> old.name().equals(head.name()))
              .map(Translators.Installed::version)
              .findFirst();
      registry.translators().install(head.name(), head.version(), jar);
    } catch (RuntimeException e) {
      host.remove(installed);
      throw e;
    }
    bundle = hosted(installed, jar);
    put(head.name(), new Entry(bundle, hash), () -> host.remove(installed));
    return new Installation(bundle.describe(List.of()), replaced);
  }

  private void put(String name, Entry entry, Runnable dispose) {
    // Why in this order: a stream that begins meanwhile finds one of the two.
    pool.offer(entry.hosted, dispose);
    Entry old = entries.put(name, entry);
    if (old != null) {
      pool.withdraw(old.hosted);
    }
  }

  private HostedBundle hosted(BundleHost.Installed installed, byte[] jar) {
    return new HostedBundle(
        new HostedBundle.Identity(
            installed.name(),
            installed.version(),
            Origin.INSTALLED,
            installed.kernel(),
            installed.release(),
            installed.machine(),
            installed.layouts(),
            installed.ranking()),
        installed.translators(),
        isOurs(installed, jar));
  }

  /// Whether this server would make exactly these bytes: then nothing in them needs watching.
  private boolean isOurs(BundleHost.Installed installed, byte[] jar) {
    if (installed.kernel().isEmpty()
        || !installed.name().equals(BundleWriter.CAPABILITY + "." + installed.kernel())) {
      return false;
    }
    try {
      Kernel kernel = registry.kernel(installed.kernel(), 0);
      return Arrays.equals(generated.jar(kernel), jar);
    } catch (RegistryException | IOException _) {
      return false;
    }
  }

  private void followSoon() {
    try {
      changes.execute(this::follow);
    } catch (RejectedExecutionException _) {
      // The server stops.
    }
  }

  private void follow() {
    Set<String> there = new HashSet<>();
    for (Translators.Installed wanted : registry.translators().installed(0)) {
      there.add(wanted.name());
      Entry entry = entries.get(wanted.name());
      if (entry == null
          || !entry.jar.equals(wanted.jar())
          || !entry.hosted.identity().version().equals(wanted.version())) {
        installFromLog(wanted);
      }
    }
    for (String name : Set.copyOf(entries.keySet())) {
      Entry entry = there.contains(name) ? null : entries.remove(name);
      if (entry != null) {
        pool.withdraw(entry.hosted);
      }
    }
  }

  private void installFromLog(Translators.Installed wanted) {
    try {
      byte[] jar = registry.translators().jar(wanted.jar());
      BundleHost.Installed installed =
          host.installForeign("tracery:installed/" + wanted.name(), jar);
      put(
          wanted.name(),
          new Entry(hosted(installed, jar), wanted.jar()),
          () -> host.remove(installed));
    } catch (BundleException | RuntimeException e) {
      LOG.log(Level.WARNING, "cannot start the translator " + wanted.name() + ": " + e);
      HostedBundle broken =
          new HostedBundle(
              new HostedBundle.Identity(
                  wanted.name(), wanted.version(), Origin.INSTALLED, "", "", "", 0, 0),
              List.of(),
              false);
      broken.quarantine("it cannot be started here: " + e.getMessage());
      put(wanted.name(), new Entry(broken, wanted.jar()), () -> {});
    }
  }

  private <T> T change(Callable<T> change) {
    try {
      return await(changes.submit(change));
    } catch (RejectedExecutionException _) {
      throw new RegistryException(Code.UNAVAILABLE, "translators", "the server stops");
    }
  }

  private static <T> T await(Future<T> change) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return change.get();
        } catch (InterruptedException _) {
          // Why: a change that has begun is finished, and its caller is told how it ended.
          interrupted = true;
        } catch (ExecutionException e) {
          throw e.getCause() instanceof RuntimeException cause
              ? cause
              : new IllegalStateException(e.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /// Ends following the log. What is installed stays until the framework stops.
  @Override
  public void close() {
    try {
      subscription.close();
    } catch (Exception e) {
      LOG.log(Level.WARNING, "cannot end following the registry", e);
    }
    changes.shutdownNow();
  }
}
