/// From an input to a kernel's formats: a tracefs tree, a tar of one, a `trace.dat` (versions 6 and
/// 7) or a `perf.data`, told apart by their content, plain or compressed with gzip or zstd.
///
/// [dev.tracery.compiler.input.KernelInputReader] reads one,
/// [dev.tracery.compiler.input.RunningKernel] reads the system that it runs on, and
/// [dev.tracery.compiler.input.IdentityResolver] adds what the user says. Nothing here throws for
/// what an input contains: every problem is a diagnostic with a code of
/// [dev.tracery.compiler.input.InputCode].
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.input;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
