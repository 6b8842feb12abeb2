/// The `tracery` command. Each subcommand is one class that asks a question through
/// [dev.tracery.client.TraceryClient] or the compiler; what it answers is written by a class that
/// only writes.
@NullMarked
package dev.tracery.cli;

import org.jspecify.annotations.NullMarked;
