package dev.tracery.store.postgres;

import dev.tracery.store.Store;
import dev.tracery.store.StoreException;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/// Registers a [PostgresStore] as the framework's `Store`. When the database turns out to have
/// another log than before, it is taken back and a new one registered: what was made of the log is
/// then made anew by whoever uses the service.
///
/// Settings, as framework properties: `tracery.store.url`, `tracery.store.password-file` (or the
/// environment's `TRACERY_STORE_PASSWORD`), `tracery.store.poll-millis`,
/// `tracery.store.notifications`, `tracery.store.connections`.
@Component(
    immediate = true,
    service = {})
public final class PostgresComponent {

  private static final System.Logger LOG = System.getLogger(PostgresComponent.class.getName());
  private static final long RETRY_SECONDS = 1;

  private final BundleContext context;
  private final Settings settings;
  private final ExecutorService reopener =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().name("tracery-postgres-reopen").daemon().factory());
  private @Nullable PostgresStore store;
  private @Nullable ServiceRegistration<Store> registration;
  private boolean closed;

  /// Opens the store that the framework's properties name. A failure is also said with a service
  /// (`docs/decisions/0501-the-server-says-that-it-listens-with-a-service.md`).
  @Activate
  public PostgresComponent(BundleContext context) {
    this.context = context;
    try {
      settings = Settings.read(context::getProperty, System.getenv());
      open();
    } catch (StoreException e) {
      reopener.shutdownNow();
      sayFailure(context, e);
      throw e;
    }
  }

  /// Takes the store back and closes it.
  @Deactivate
  public void close() {
    synchronized (this) {
      closed = true;
    }
    reopener.shutdownNow();
    takeBack();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    PostgresStore opened = new PostgresStore(settings, () -> reopener.execute(this::reopen));
    store = opened;
    registration = context.registerService(Store.class, opened, null);
  }

  private void reopen() {
    takeBack();
    while (true) {
      try {
        open();
        return;
      } catch (StoreException e) {
        LOG.log(System.Logger.Level.ERROR, e.getMessage());
      }
      try {
        TimeUnit.SECONDS.sleep(RETRY_SECONDS);
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  // Why not synchronized as a whole: whoever uses the service ends with it, and may take long.
  private void takeBack() {
    ServiceRegistration<Store> taken;
    PostgresStore old;
    synchronized (this) {
      taken = registration;
      old = store;
      registration = null;
      store = null;
    }
    if (taken != null) {
      try {
        taken.unregister();
      } catch (IllegalStateException e) {
        // Why ignored: the framework has done it, because it stops.
      }
    }
    if (old != null) {
      old.close();
    }
  }

  /// Leaves word for the launcher, who would otherwise hear only of what lacks a store.
  private static void sayFailure(BundleContext context, StoreException e) {
    String message = String.valueOf(e.getMessage());
    Dictionary<String, Object> properties = new Hashtable<>();
    properties.put("tracery.failure", message);
    Supplier<String> failure = () -> message;
    context.registerService(Supplier.class, failure, properties);
  }
}
