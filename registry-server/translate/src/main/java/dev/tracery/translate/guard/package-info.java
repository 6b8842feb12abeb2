/// Runs the code of bundles that this server has not made itself, so that nothing that it does
/// takes the server down or stops another stream: on threads of its own, with a limit of time, on
/// copies, and with everything that it answers checked.
@NullMarked
package dev.tracery.translate.guard;

import org.jspecify.annotations.NullMarked;
