/// The registry over gRPC. The one bundle that sees a gRPC type: requests become calls of
/// `dev.tracery.registry.Registry`, its values and refusals become answers and statuses.
///
/// What a handler may do where: reads of the present state answer from memory on the transport's
/// own threads; everything that may take long or block runs on a virtual thread of its own.
@NullMarked
package dev.tracery.grpc;

import org.jspecify.annotations.NullMarked;
