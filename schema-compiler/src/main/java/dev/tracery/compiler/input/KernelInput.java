package dev.tracery.compiler.input;

import dev.tracery.diagnostic.Diagnostic;
import dev.tracery.diagnostic.Severity;
import dev.tracery.model.ByteOrder;
import dev.tracery.model.WordSize;
import java.util.List;
import java.util.Optional;

/// What an input tells of a kernel. With errors among the diagnostics it is what could be read all
/// the same, and not to be registered.
///
/// @param name the input, as diagnostics name it
/// @param release `uname -r`
/// @param build `uname -v`; neither a `trace.dat` nor a `perf.data` has it
/// @param machine `uname -m`
/// @param byteOrder only where the input itself says so, not derived from the machine
/// @param wordSize of the kernel, which need not be that of the program that recorded
/// @param pageSize in bytes
/// @param headerPage where the parts of the ring buffer's pages are
/// @param events sorted by name, each once
/// @param diagnostics in the order they were found
public record KernelInput(
    String name,
    Optional<Fact<String>> release,
    Optional<Fact<String>> build,
    Optional<Fact<String>> machine,
    Optional<Fact<ByteOrder>> byteOrder,
    Optional<Fact<WordSize>> wordSize,
    Optional<Fact<Integer>> pageSize,
    Optional<Fact<HeaderPage>> headerPage,
    List<EventFormatFile> events,
    List<Diagnostic> diagnostics) {

  /// Copies the lists.
  public KernelInput {
    events = List.copyOf(events);
    diagnostics = List.copyOf(diagnostics);
  }

  /// Whether something was found for which the input must be refused.
  public boolean hasErrors() {
    return diagnostics.stream().anyMatch(found -> found.severity() == Severity.ERROR);
  }
}
