package dev.tracery.metrics;

import java.util.List;
import java.util.Map;

/// Something that is measured.
///
/// @param name in lower case with `_`, its unit at the end (`_seconds`, `_bytes`); a counter's
///   without the `_total` that shows it
/// @param help a sentence
/// @param samples one for each combination of labels; none if there is nothing to say
public record Metric(Kind kind, String name, String help, List<Sample> samples) {

  /// What a value does over time.
  public enum Kind {
    /// Only grows, from 0 at the server's start.
    COUNTER,
    /// Goes up and down.
    GAUGE,
    /// Is 1; its labels say something.
    INFO
  }

  /// A value.
  ///
  /// @param labels by their names; empty if there is but one value
  public record Sample(Map<String, String> labels, double value) {}

  public Metric {
    samples = List.copyOf(samples);
  }

  /// A value that goes up and down.
  public static Metric gauge(String name, String help, double value) {
    return new Metric(Kind.GAUGE, name, help, List.of(new Sample(Map.of(), value)));
  }

  /// What labels say.
  public static Metric info(String name, String help, Map<String, String> labels) {
    return new Metric(Kind.INFO, name, help, List.of(new Sample(labels, 1)));
  }

  /// A value that only grows.
  public static Metric counter(String name, String help, double value) {
    return counter(name, help, List.of(new Sample(Map.of(), value)));
  }

  /// Values that only grow.
  public static Metric counter(String name, String help, List<Sample> samples) {
    return new Metric(Kind.COUNTER, name, help, samples);
  }
}
