@NullMarked
package dev.tracery.grpc.security;

import org.jspecify.annotations.NullMarked;
