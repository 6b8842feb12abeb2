/// What people have ruled, as the log has it: what series do with a break, how stable events are,
/// and which breaks are accepted.
@NullMarked
package dev.tracery.registry.ruling;

import org.jspecify.annotations.NullMarked;
