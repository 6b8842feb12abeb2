/// What the server's parts measure of themselves, for whoever shows it. A bundle registers a
/// [dev.tracery.metrics.MetricSource] as a service; the bundle `metrics` asks all of them when
/// somebody looks. Nothing here knows how they are shown.
@NullMarked
@Version("0.1.0")
package dev.tracery.metrics;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
