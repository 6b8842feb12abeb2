/// What the server measures of itself, for Prometheus, over HTTP. Off unless
/// `tracery.metrics.listen` says where.
@NullMarked
package dev.tracery.metrics.prometheus;

import org.jspecify.annotations.NullMarked;
