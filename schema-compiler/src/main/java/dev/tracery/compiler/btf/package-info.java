/// From a kernel's BTF (`/sys/kernel/btf/vmlinux`) to what it says of trace events: the parameters
/// of every tracepoint, and the struct of every event class.
///
/// [dev.tracery.compiler.btf.KernelTypesReader] reads it. Nothing here throws for what a file
/// contains: every problem is a diagnostic with a code of [dev.tracery.compiler.btf.BtfCode].
///
/// BTF is described in the kernel's `Documentation/bpf/btf.rst` and `include/uapi/linux/btf.h`.
@NullMarked
@Version("0.1.0")
package dev.tracery.compiler.btf;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
