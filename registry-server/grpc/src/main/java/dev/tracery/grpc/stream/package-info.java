/// Streaming calls for handlers that block: a virtual thread takes messages one at a time and sends
/// only what the caller has room for, so a call holds a message or two, however long it is.
@NullMarked
package dev.tracery.grpc.stream;

import org.jspecify.annotations.NullMarked;
