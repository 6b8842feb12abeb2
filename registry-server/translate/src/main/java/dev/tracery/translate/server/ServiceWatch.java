package dev.tracery.translate.server;

import dev.tracery.translate.guard.ForeignFailure;
import dev.tracery.translate.guard.ForeignThreads;
import dev.tracery.translation.TranslatorBundles.Origin;
import dev.tracery.translator.KernelTranslator;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.util.tracker.ServiceTracker;
import org.osgi.util.tracker.ServiceTrackerCustomizer;

/// Translators of bundles that came into the framework by another way than the registry's log, such
/// as the distribution's folder. What comes through the log is no business of this. Thread-safe.
final class ServiceWatch implements AutoCloseable {

  private static final Logger LOG = System.getLogger(ServiceWatch.class.getName());

  /// How the location of every bundle begins that this server installs.
  static final String OURS = "tracery:";

  private final ServiceTracker<KernelTranslator, HostedBundle> tracker;

  ServiceWatch(BundleContext context, TranslatorPool pool, ForeignThreads threads) {
    this.tracker =
        new ServiceTracker<>(
            context, KernelTranslator.class, new Customizer(context, pool, threads));
    tracker.open();
  }

  @Override
  public void close() {
    tracker.close();
  }

  private record Customizer(BundleContext context, TranslatorPool pool, ForeignThreads threads)
      implements ServiceTrackerCustomizer<KernelTranslator, HostedBundle> {

    @Override
    public @Nullable HostedBundle addingService(ServiceReference<KernelTranslator> reference) {
      Bundle bundle = reference.getBundle();
      if (bundle == null || bundle.getLocation().startsWith(OURS)) {
        return null;
      }
      try {
        KernelTranslator translators =
            threads.call("making its service", () -> context.getService(reference));
        Object ranking = reference.getProperty(Constants.SERVICE_RANKING);
        HostedBundle hosted =
            new HostedBundle(
                new HostedBundle.Identity(
                    bundle.getSymbolicName(),
                    bundle.getVersion().toString(),
                    Origin.INSTALLED,
                    "",
                    "",
                    "",
                    0,
                    ranking instanceof Integer number ? number : 0),
                List.of(translators),
                false);
        pool.offer(hosted, () -> {});
        return hosted;
      } catch (ForeignFailure failure) {
        LOG.log(
            Level.WARNING,
            "the translator of "
                + bundle.getSymbolicName()
                + " is ignored: "
                + failure.getMessage());
        return null;
      }
    }

    @Override
    public void modifiedService(
        ServiceReference<KernelTranslator> reference, HostedBundle hosted) {}

    @Override
    public void removedService(ServiceReference<KernelTranslator> reference, HostedBundle hosted) {
      pool.withdraw(hosted);
    }
  }
}
