/// Server reflection: what `grpcurl describe` and other tools ask, for the services that are served
/// and for the messages of every event that the registry knows.
@NullMarked
package dev.tracery.grpc.reflection;

import org.jspecify.annotations.NullMarked;
