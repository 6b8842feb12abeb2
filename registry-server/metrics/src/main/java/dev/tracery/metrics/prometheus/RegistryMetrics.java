package dev.tracery.metrics.prometheus;

import dev.tracery.metrics.Metric;
import dev.tracery.metrics.MetricSource;
import dev.tracery.registry.Consumers.Observations;
import dev.tracery.registry.Registry;
import dev.tracery.registry.RegistryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What the registry says of itself.
record RegistryMetrics(Registry registry) implements MetricSource {

  @Override
  public List<Metric> metrics() {
    List<Metric> metrics = new ArrayList<>();
    Registry.Freshness freshness = registry.freshness();
    metrics.add(
        Metric.gauge(
            "tracery_revision",
            "The revision up to which this server has read the log.",
            registry.head()));
    metrics.add(
        Metric.gauge(
            "tracery_store_reachable",
            "1 if the store answers, 0 if this server goes by its memory and refuses writes.",
            freshness.storeReachable() ? 1 : 0));
    metrics.add(
        Metric.gauge(
            "tracery_store_age_seconds",
            "How long ago it was known that this server has read the whole log.",
            freshness.age().toNanos() / 1e9));
    try {
      add(metrics, registry.status());
    } catch (RegistryException _) {
      // What stands above says that the store is away; the rest is not known now.
    }
    return metrics;
  }

  private static void add(List<Metric> metrics, Registry.Status status) {
    metrics.add(
        Metric.info(
            "tracery_build",
            "What runs here.",
            Map.of("version", status.version(), "store", status.store())));
    metrics.add(Metric.gauge("tracery_kernels", "Registered kernels.", status.kernels()));
    metrics.add(Metric.gauge("tracery_events", "Events of all kernels.", status.events()));
    metrics.add(
        Metric.gauge("tracery_schema_versions", "Schema versions.", status.schemaVersions()));
    metrics.add(Metric.gauge("tracery_layouts", "Layouts.", status.layouts()));
    metrics.add(
        Metric.gauge(
            "tracery_tool_versions",
            "Versions of tools that were declared or seen.",
            status.consumerVersions()));
    metrics.add(
        Metric.gauge("tracery_store_size_bytes", "What the store takes.", status.storeBytes()));
    metrics.add(
        Metric.gauge(
            "tracery_snapshot_revision",
            "The revision of the newest snapshot, 0 for none.",
            status.snapshotRevision()));
    metrics.add(
        Metric.gauge(
            "tracery_servers",
            "Servers over the same log that were heard of in the last minute.",
            status.servers().size()));
    status.servers().stream()
        .filter(Registry.ServerStatus::self)
        .findFirst()
        .ifPresent(self ->
            metrics.add(
                Metric.gauge(
                    "tracery_behind_revisions",
                    "How many revisions this server is behind the newest that it has heard of.",
                    self.lag())));
    add(metrics, status.observations());
  }

  private static void add(List<Metric> metrics, Observations seen) {
    metrics.add(
        Metric.counter(
            "tracery_observations",
            "Starts of tools that were seen, by what became of them; what is seen is one of the"
                + " others later.",
            List.of(
                observed("seen", seen.observed()),
                observed("coalesced", seen.coalesced()),
                observed("dropped", seen.dropped()),
                observed("written", seen.written()))));
    metrics.add(
        Metric.gauge(
            "tracery_observations_waiting",
            "Starts of tools that wait to be written.",
            seen.waiting()));
  }

  private static Metric.Sample observed(String outcome, long count) {
    return new Metric.Sample(Map.of("outcome", outcome), count);
  }
}
