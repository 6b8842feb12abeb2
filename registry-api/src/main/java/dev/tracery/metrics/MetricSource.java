package dev.tracery.metrics;

import java.util.List;

/// A part of the server that measures something.
@FunctionalInterface
public interface MetricSource {

  /// What is measured, as of now. Called from any thread, again and again; must not block, so that
  /// a server whose store is away can be looked at.
  List<Metric> metrics();
}
