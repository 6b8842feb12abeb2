package dev.tracery.metrics.prometheus;

import dev.tracery.metrics.Metric;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Metrics as a scraper gets them.
record Exposition(String contentType, byte[] body) {

  private static final ExpositionFormats FORMATS = ExpositionFormats.init();

  /// @param accept the header that says which format the scraper likes
  static Exposition of(List<Metric> metrics, @Nullable String accept) throws IOException {
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    metrics.stream()
        .filter(metric -> !metric.samples().isEmpty())
        .forEach(metric -> snapshots.metricSnapshot(snapshot(metric)));
    ExpositionFormatWriter writer = FORMATS.findWriter(accept);
    var body = new ByteArrayOutputStream();
    writer.write(body, snapshots.build());
    return new Exposition(writer.getContentType(), body.toByteArray());
  }

  private static MetricSnapshot snapshot(Metric metric) {
    return switch (metric.kind()) {
      case COUNTER -> {
        CounterSnapshot.Builder counter =
            CounterSnapshot.builder().name(metric.name()).help(metric.help());
        metric
            .samples()
            .forEach(sample ->
                counter.dataPoint(
                    CounterSnapshot.CounterDataPointSnapshot.builder()
                        .labels(labels(sample))
                        .value(sample.value())
                        .build()));
        yield counter.build();
      }
      case GAUGE -> {
        GaugeSnapshot.Builder gauge =
            GaugeSnapshot.builder().name(metric.name()).help(metric.help());
        metric
            .samples()
            .forEach(sample ->
                gauge.dataPoint(
                    GaugeSnapshot.GaugeDataPointSnapshot.builder()
                        .labels(labels(sample))
                        .value(sample.value())
                        .build()));
        yield gauge.build();
      }
      case INFO -> {
        InfoSnapshot.Builder info = InfoSnapshot.builder().name(metric.name()).help(metric.help());
        metric
            .samples()
            .forEach(sample ->
                info.dataPoint(
                    InfoSnapshot.InfoDataPointSnapshot.builder().labels(labels(sample)).build()));
        yield info.build();
      }
    };
  }

  private static Labels labels(Metric.Sample sample) {
    Labels.Builder labels = Labels.builder();
    new TreeMap<>(sample.labels()).forEach(labels::label);
    return labels.build();
  }
}
