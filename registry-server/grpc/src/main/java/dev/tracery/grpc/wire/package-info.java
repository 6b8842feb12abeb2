/// Between the messages of the wire and the registry's values: readers check every field of a
/// request, writers build answers. One small class for each noun and direction.
@NullMarked
package dev.tracery.grpc.wire;

import org.jspecify.annotations.NullMarked;
