package dev.tracery.trace;

import dev.tracery.compiler.input.KernelInput;
import dev.tracery.model.Target;
import java.util.List;

/// What a trace says besides its records. The byte arrays are not copied, and not to be changed.
///
/// @param kernel what it says of the kernel, and the formats
/// @param target word size and byte order of the kernel
/// @param buffers the kernel's own first
/// @param symbols `/proc/kallsyms`; empty where the input has none
/// @param printkFormats `printk_formats`: the texts of `bprint` records and of strings that records
///   point to
/// @param commandNames `saved_cmdlines`: the names of processes by their pid
public record TraceContent(
    KernelInput kernel,
    Target target,
    List<TraceBuffer> buffers,
    byte[] symbols,
    byte[] printkFormats,
    byte[] commandNames) {

  public TraceContent {
    buffers = List.copyOf(buffers);
  }
}
