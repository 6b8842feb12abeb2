/// Tests of the client against a server that is made of a few lambdas and listens on a real port.
@NullMarked
package dev.tracery.client;

import org.jspecify.annotations.NullMarked;
