/// Readers of recorded traces: `trace.dat`, `perf.data`, raw pages of the ring buffer. All of them
/// yield records in the order of time, through a [RecordCursor].
@NullMarked
@Version("0.1.0")
package dev.tracery.trace;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
