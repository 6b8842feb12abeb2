/// The services over a real socket and a registry in memory.
@NullMarked
package dev.tracery.grpc;

import org.jspecify.annotations.NullMarked;
