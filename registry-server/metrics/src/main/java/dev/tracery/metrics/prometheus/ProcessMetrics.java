package dev.tracery.metrics.prometheus;

import dev.tracery.metrics.Metric;
import dev.tracery.metrics.MetricSource;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.lang.management.MemoryUsage;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// What the process takes, by the names under which Prometheus' client libraries tell it.
final class ProcessMetrics implements MetricSource {

  @Override
  public List<Metric> metrics() {
    return List.of(
        Metric.gauge(
            "process_start_time_seconds",
            "When the process was started, in seconds since 1970.",
            ManagementFactory.getRuntimeMXBean().getStartTime() / 1e3),
        Metric.counter(
            "process_cpu_seconds",
            "Processor time that the process has taken.",
            ProcessHandle.current()
                .info()
                .totalCpuDuration()
                .map(taken -> taken.toNanos() / 1e9)
                .orElse(Double.NaN)),
        memory("jvm_memory_used_bytes", "Memory in use.", MemoryUsage::getUsed),
        memory("jvm_memory_committed_bytes", "Memory taken.", MemoryUsage::getCommitted),
        memory("jvm_memory_max_bytes", "Memory that may be taken, or -1.", MemoryUsage::getMax));
  }

  private static Metric memory(String name, String help, ToLongFunction<MemoryUsage> value) {
    MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
    return new Metric(
        Metric.Kind.GAUGE,
        name,
        help,
        List.of(
            new Metric.Sample(
                Map.of("area", "heap"), value.applyAsLong(memory.getHeapMemoryUsage())),
            new Metric.Sample(
                Map.of("area", "nonheap"), value.applyAsLong(memory.getNonHeapMemoryUsage()))));
  }
}
