package dev.tracery.translate.server;

import dev.tracery.registry.Registry;
import dev.tracery.registry.Registry.Kernel;
import dev.tracery.translate.BundleAbout;
import dev.tracery.translate.BundleWriter;
import dev.tracery.translation.TranslatorBundles.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.osgi.framework.BundleException;

/// The bundles that the server makes, one for each kernel, when records of the kernel come for the
/// first time. Beyond the number that is kept, the one that was used least recently is dropped: at
/// once for new streams, and out of the framework when no stream holds it any more. Thread-safe.
final class GeneratedBundles implements AutoCloseable {

  private static final Logger LOG = System.getLogger(GeneratedBundles.class.getName());

  // Why below that of what people install: they do so because they want it to be taken.
  static final int RANKING = -1;

  private final Registry registry;
  private final BundleHost host;
  private final TranslatorPool pool;
  private final int most;
  private final BundleWriter writer = new BundleWriter();

  // By the kernel's id, the least recently used first.
  private final LinkedHashMap<String, CompletableFuture<HostedBundle>> made =
      new LinkedHashMap<>(16, 0.75f, true);

  // Why one: it is work for a processor, and streams run meanwhile.
  private final ExecutorService maker =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("tracery-bundle-maker").factory());

  GeneratedBundles(Registry registry, BundleHost host, TranslatorPool pool, int most) {
    this.registry = registry;
    this.host = host;
    this.pool = pool;
    this.most = most;
  }

  /// Notes that records of a kernel come, and has its bundle made if there is none. Does not wait.
  void wanted(Kernel kernel) {
    future(kernel);
  }

  /// The same, and waits until the bundle is there.
  ///
  /// @return false if it takes longer, or could not be made
  boolean await(Kernel kernel, Duration patience) {
    try {
      future(kernel).get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (ExecutionException | TimeoutException _) {
      // Why no word here: the failure is logged where the bundle is made.
      return false;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private CompletableFuture<HostedBundle> future(Kernel kernel) {
    List<CompletableFuture<HostedBundle>> dropped = new ArrayList<>();
    CompletableFuture<HostedBundle> future;
    synchronized (made) {
      CompletableFuture<HostedBundle> known = made.get(kernel.id());
      if (known != null && !known.isCompletedExceptionally()) {
        return known;
      }
      try {
        future = CompletableFuture.supplyAsync(() -> make(kernel), maker);
      } catch (RejectedExecutionException e) {
        // The server stops; what still comes is interpreted.
        return CompletableFuture.failedFuture(e);
      }
      made.put(kernel.id(), future);
      dropped.addAll(excess());
    }
    for (CompletableFuture<HostedBundle> old : dropped) {
      old.thenAccept(pool::withdraw);
    }
    return future;
  }

  /// Takes out what is too much: those that no stream holds first.
  private List<CompletableFuture<HostedBundle>> excess() {
    List<CompletableFuture<HostedBundle>> dropped = new ArrayList<>();
    while (made.size() > most) {
      String newest = made.lastEntry().getKey();
      Map.Entry<String, CompletableFuture<HostedBundle>> victim =
          made.entrySet().stream()
              .filter(entry -> !entry.getKey().equals(newest))
              .filter(entry -> isIdle(entry.getValue()))
              .findFirst()
              .orElseGet(made::firstEntry);
      made.remove(victim.getKey());
      dropped.add(victim.getValue());
    }
    return dropped;
  }

  private boolean isIdle(CompletableFuture<HostedBundle> future) {
    return future.isDone()
        && (future.isCompletedExceptionally() || !pool.isHeld(future.resultNow()));
  }

  private HostedBundle make(Kernel kernel) {
    try {
      long begin = System.nanoTime();
      byte[] jar = jar(kernel);
      BundleHost.Installed installed = host.installOwn("tracery:generated/" + kernel.id(), jar);
      HostedBundle bundle =
          new HostedBundle(
              new HostedBundle.Identity(
                  installed.name(),
                  installed.version(),
                  Origin.GENERATED,
                  kernel.id(),
                  kernel.identity().release(),
                  kernel.identity().machine(),
                  installed.layouts(),
                  RANKING),
              installed.translators(),
              true);
      pool.offer(bundle, () -> host.remove(installed));
      LOG.log(
          Level.INFO,
          "made "
              + bundle.label()
              + " in "
              + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin)
              + " ms");
      return bundle;
    } catch (IOException | BundleException | RuntimeException e) {
      if (!maker.isShutdown()) {
        LOG.log(
            Level.WARNING,
            "cannot make a bundle for the kernel " + kernel.id() + "; its records are interpreted",
            e);
      }
      throw new IllegalStateException(e);
    }
  }

  /// The bundle of a kernel: the same bytes each time.
  byte[] jar(Kernel kernel) throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    writer.write(
        new BundleAbout(
            kernel.id(),
            kernel.identity().release(),
            kernel.identity().machine(),
            kernel.manifestFingerprint().hex()),
        KernelPlans.of(registry, kernel.id()),
        jar);
    return jar.toByteArray();
  }

  /// What is being made is made to its end, and thrown away.
  @Override
  public void close() {
    maker.shutdownNow();
  }
}
