package dev.tracery.grpc;

import dev.tracery.metrics.Metric;
import dev.tracery.metrics.MetricSource;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// How many calls of each method ended in which way. Thread-safe.
final class CallCounts implements MetricSource {

  private static final int CODES = Status.Code.values().length;

  // By the full name. Only methods that there are come this far, so there are few.
  private final Map<String, LongAdder[]> methods = new ConcurrentHashMap<>();

  private final LongAdder refusedWrites = new LongAdder();

  /// Notes a write that was refused because the store is away.
  void countRefusedWrite() {
    refusedWrites.increment();
  }

  void count(MethodDescriptor<?, ?> method, Status.Code code) {
    LongAdder[] codes = methods.get(method.getFullMethodName());
    if (codes == null) {
      codes = methods.computeIfAbsent(method.getFullMethodName(), _ -> zeros());
    }
    codes[code.ordinal()].increment();
  }

  @Override
  public List<Metric> metrics() {
    List<Metric.Sample> samples = new ArrayList<>();
    methods.forEach((name, codes) -> {
      int slash = name.indexOf('/');
      for (Status.Code code : Status.Code.values()) {
        long count = codes[code.ordinal()].sum();
        if (count > 0) {
          samples.add(
              new Metric.Sample(
                  Map.of(
                      "service", name.substring(0, slash),
                      "method", name.substring(slash + 1),
                      "code", code.name()),
                  count));
        }
      }
    });
    return List.of(
        Metric.counter("tracery_grpc_calls", "Calls that ended, by how they ended.", samples),
        Metric.counter(
            "tracery_refused_writes",
            "Writes that were refused because the store is away.",
            refusedWrites.sum()));
  }

  private static LongAdder[] zeros() {
    LongAdder[] zeros = new LongAdder[CODES];
    for (int i = 0; i < CODES; i++) {
      zeros[i] = new LongAdder();
    }
    return zeros;
  }
}
