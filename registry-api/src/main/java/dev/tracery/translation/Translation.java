package dev.tracery.translation;

import dev.tracery.model.Glob;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/// Translates recorded traces into the registry's messages. Thread-safe.
public interface Translation {

  /// Begins to translate one trace.
  ///
  /// @throws dev.tracery.registry.RegistryException NOT_FOUND for raw pages of a kernel that is not
  ///   registered; INVALID_ARGUMENT; RESOURCE_EXHAUSTED if as many are translated as may be
  TraceJob begin(Request request, Answers answers);

  /// What is to be translated, and what of it is wanted.
  ///
  /// @param events only those that one of these matches; empty is all
  /// @param cpus only these; empty is all
  /// @param from only at this time or later, in the trace's clock
  /// @param to only before this time
  record Request(
      Source source, List<Glob> events, Set<Integer> cpus, OptionalLong from, OptionalLong to) {

    public Request {
      events = List.copyOf(events);
      cpus = Set.copyOf(cpus);
    }
  }

  /// Where records come from.
  sealed interface Source {
    /// A `trace.dat` or `perf.data`.
    ///
    /// @param name for diagnostics
    record TraceFile(String name) implements Source {}

    /// Pages of the ring buffer of a registered kernel.
    ///
    /// @param kernel its id, or an unambiguous prefix or release
    /// @param headerPage its `events/header_page`; empty is what word size and page size imply
    /// @param pageSize 0 is what the header or the kernel says
    record RawPages(String kernel, String headerPage, int pageSize) implements Source {}
  }
}
