package dev.tracery.metrics.prometheus;

import dev.tracery.metrics.Metric;
import dev.tracery.metrics.MetricSource;
import dev.tracery.registry.Registry;
import java.util.ArrayList;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/// Serves what the server's parts measure, from when the bundle starts: also before there is a
/// registry, and while its store is away. Says by a service where it listens, or why it cannot,
/// which ends the start (`docs/decisions/0501`).
@Component(
    immediate = true,
    service = {})
public final class MetricsServer {

  private final BundleContext context;
  private final Set<MetricSource> sources = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Registry> registry = new AtomicReference<>();
  private final MetricSource process = new ProcessMetrics();
  private @Nullable MetricsListener listener;
  private @Nullable ServiceRegistration<?> said;

  @Activate
  public MetricsServer(BundleContext context) {
    this.context = context;
  }

  @Reference(
      cardinality = ReferenceCardinality.OPTIONAL,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindRegistry")
  void bindRegistry(Registry there) {
    registry.set(there);
  }

  void unbindRegistry(Registry gone) {
    registry.compareAndSet(gone, null);
  }

  @Reference(
      cardinality = ReferenceCardinality.MULTIPLE,
      policy = ReferencePolicy.DYNAMIC,
      unbind = "unbindSource")
  void bindSource(MetricSource there) {
    sources.add(there);
  }

  void unbindSource(MetricSource gone) {
    sources.remove(gone);
  }

  @Activate
  void start() {
    String address = context.getProperty("tracery.metrics.listen");
    if (address == null || address.isBlank()) {
      return;
    }
    try {
      MetricsListener started = MetricsListener.listen(address.strip(), this::metrics);
      listener = started;
      said = say(Map.of("tracery.metrics.address", started.address()));
    } catch (IllegalArgumentException e) {
      said = say(Map.of("tracery.failure", String.valueOf(e.getMessage())));
    }
  }

  @Deactivate
  void stop() {
    if (said != null) {
      said.unregister();
    }
    if (listener != null) {
      listener.close();
    }
  }

  private List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>(process.metrics());
    Registry there = registry.get();
    if (there != null) {
      metrics.addAll(new RegistryMetrics(there).metrics());
    }
    sources.forEach(source -> metrics.addAll(source.metrics()));
    return metrics;
  }

  private ServiceRegistration<?> say(Map<String, Object> properties) {
    Supplier<String> nothing = () -> "";
    return context.registerService(Supplier.class, nothing, new Hashtable<>(properties));
  }
}
