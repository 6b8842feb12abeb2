package dev.tracery.bench;

import java.util.Arrays;
import java.util.List;

/// What was measured again and again, in the order in which it was measured.
public record Samples(List<Double> values) {

  public Samples {
    values = List.copyOf(values);
    if (values.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
  }

  /// The median.
  public double median() {
    return percentile(50);
  }

  /// The smallest.
  public double best() {
    return percentile(0);
  }

  /// The value that `percent` of the values do not exceed, interpolated between neighbours.
  public double percentile(double percent) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    double at = percent / 100 * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
  }
}
