/// What a caller is told when a call fails: a canonical status code, an `ErrorInfo` with a stable
/// reason, and details that say which field, which line, and what to do.
@NullMarked
package dev.tracery.grpc.status;

import org.jspecify.annotations.NullMarked;
