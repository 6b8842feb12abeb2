/// The whole system, from outside: the packaged distribution as a child process, over gRPC and the
/// command line, on the sample kernels.
@NullMarked
package dev.tracery.it;

import org.jspecify.annotations.NullMarked;
